export async function main(p: NodeJS.Process): Promise<void> {
  console.log('hi', p.version);
}
