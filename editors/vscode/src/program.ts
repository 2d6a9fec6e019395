// One run of the program: what it printed, or what it complained of.

import { execFile } from 'node:child_process';

const LARGEST_OUTPUT = 64 * 1024 * 1024;
const LONGEST_RUN = 60_000;

export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: LARGEST_OUTPUT, timeout: LONGEST_RUN, windowsHide: true } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(new Error(complaint(stderr) ?? (error.killed ? 'secondcall took too long' : error.message)));
      }
    });
  });
}

/** The first line on standard error, without the word `error`. */
export function complaint(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => text.trim() !== '');
  return line?.trim().replace(/^error: /, '');
}
