// Calls exports of a component that jco transpiled. Usage: call.mjs FILE TIMES [EXPORT]
// Prints what each call of each export without parameters gives, as JSON.
const [, , file, times, wanted] = process.argv;
const value = (_, it) => (typeof it === 'bigint' ? `${it}n` : it);
const calls = {};

function visit(prefix, items) {
  for (const [name, item] of Object.entries(items)) {
    if (typeof item === 'object' && item !== null) visit(`${prefix}${name}.`, item);
    if (typeof item !== 'function' || item.length > 0) continue;
    if (wanted !== undefined && wanted !== prefix + name) continue;
    calls[prefix + name] = Array.from({ length: Number(times) }, () => {
      try {
        return `returns ${JSON.stringify(item(), value)}`;
      } catch (error) {
        return `throws ${error.message ?? JSON.stringify(error, value)}`;
      }
    });
  }
}

visit('', await import(file));
console.log(`\n${JSON.stringify(calls)}`);
