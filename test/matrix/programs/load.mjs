for (const path of process.argv.slice(2)) {
  if (Object.keys(await import(path)).length === 0) throw new Error(`${path} exports nothing`);
}
console.log(`${process.argv.length - 2} subpaths`);
