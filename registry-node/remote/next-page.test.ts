// A list is followed to its next page and never to another host.
import { assert, describe } from '../../fixtures/describe.ts';
import { nextPage } from './next-page.ts';

const url = new URL('https://registry.example/v2/_catalog?n=1');

const rows: [link: string | undefined, next: string | undefined][] = [
  [undefined, undefined],
  ['</v2/_catalog?last=a&n=1>; rel="next"', 'https://registry.example/v2/_catalog?last=a&n=1'],
  ['<?last=a>; rel=next', 'https://registry.example/v2/_catalog?last=a'],
  ['<http://inside:5000/v2/_catalog?last=a>; rel="next"', 'https://registry.example/v2/_catalog?last=a'],
  ['</v2/>; rel="prev"', undefined],
  ['<http://>; rel="next"', undefined],
  ['<http://x//elsewhere.example/y>; rel="next"', 'https://registry.example//elsewhere.example/y'],
];

describe('the next page of a list', ({ test }) => {
  for (const [link, next] of rows) {
    test(`after Link: ${link ?? '(none)'} is ${next ?? 'none'}`, () => {
      assert.equal(nextPage(link, url)?.href, next);
    });
  }
});
