// Calls the check of one instance, in rounds over all inputs. Usage: check.mjs FILE ROUNDS INPUTS
// INPUTS is a JSON file: a list of { file, name, hosts, format }. Prints a list of rounds, each a list of answers, as JSON.
import { readFileSync } from 'node:fs';

const [, , file, rounds, inputs] = process.argv;
const { linter } = await import(file);
const wanted = JSON.parse(readFileSync(inputs, 'utf8'));
const answer = ({ file, name, hosts, format }) => {
  try {
    return linter.check(readFileSync(file), { name, hosts, format });
  } catch (error) {
    return { error: error.payload ?? String(error) };
  }
};
const all = Array.from({ length: Number(rounds) }, () => wanted.map(answer));
console.log(JSON.stringify(all));
