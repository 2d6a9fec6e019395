// Runs the program: returns its output, or its error message.

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
        reject(new Error(errorLine(stderr) ?? (error.killed ? 'secondcall took too long' : error.message)));
      }
    });
  });
}

/** The first line on standard error, without `error: `. */
export function errorLine(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => text.trim() !== '');
  return line?.trim().replace(/^error: /, '');
}
