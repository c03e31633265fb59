/**
 * The members of a JSON object, each value as it was written: a number of many digits, such as an
 * order's, would be another one after a round trip through a float.
 */

export interface Member {
  name: string;
  /** As JSON. */
  value: string;
}

/** The members in their order; `null` where the text is no JSON object. */
export function membersOf(text: string): Member[] | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
  } catch {
    return null;
  }
  const members: Member[] = [];
  let at = text.indexOf('{') + 1;
  // It is JSON: after each member comes a comma, and after the last one the bracket.
  for (;;) {
    const nameAt = text.indexOf('"', at);
    if (nameAt === -1 || /\S/.test(text.slice(at, nameAt).replace(',', ''))) return members;
    const nameEnd = endOfString(text, nameAt);
    const valueAt = text.indexOf(':', nameEnd) + 1;
    at = endOfValue(text, valueAt);
    members.push({
      name: JSON.parse(text.slice(nameAt, nameEnd)) as string,
      value: text.slice(valueAt, at).trim(),
    });
  }
}

/** Where a value ends: at the comma or the bracket that isn't its own. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at) - 1;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (depth === 0 && (sign === ',' || sign === '}')) return at;
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return text.length;
}

function endOfString(text: string, quoteAt: number): number {
  let at = quoteAt + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
