// Parses the tables that the program prints. Ignores lines that are not part of the table.

export interface Rule {
  id: string;
  hazard: string;
  title: string;
}

export interface ListedFunction {
  /** Its offset in the file, in the form that `--func` accepts. */
  at: string;
  /** The module, the index and the name, as printed. */
  name: string;
}

/** Parses the output of `secondcall rules`: a header, then one line for each rule. */
export function rulesOf(printed: string): Rule[] {
  const [head = '', ...lines] = printed.split(/\r?\n/);
  const columns = head.trim().split(/ {2,}/);
  const [id, hazard, title] = ['rule', 'hazard', 'what it finds'].map((name) => columns.indexOf(name));
  return lines
    .map((line) => line.trim().split(/ {2,}/))
    .filter((cells) => cells.length === columns.length && /^[a-z0-9_]+$/.test(cells[0] ?? ''))
    .map((cells) => ({
      id: cells[id ?? -1] ?? '',
      hazard: cells[hazard ?? -1] ?? '',
      title: cells[title ?? -1] ?? '',
    }))
    .filter((rule) => rule.id !== '');
}

/** Parses the output of `secondcall wat FILE`: one line for each function. */
export function functionsOf(printed: string): ListedFunction[] {
  return printed.split(/\r?\n/).flatMap((line) => {
    const parts = /^(0x[0-9a-f]+)\s+(\S.*)$/.exec(line);
    return parts?.[1] === undefined || parts[2] === undefined ? [] : [{ at: `@${parts[1]}`, name: parts[2] }];
  });
}
