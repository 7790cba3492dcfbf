// The package brings no types of its own.
declare module 'jmespath' {
  const jmespath: {
    /** @throws Error with the place of the mistake */
    compile(expression: string): unknown;
    search(data: unknown, expression: string): unknown;
  };
  export default jmespath;
}
