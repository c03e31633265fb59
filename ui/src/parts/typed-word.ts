/** Whether the word that confirms was typed: case, width and spaces around it don't matter. */
export function isTyped(word: string, typed: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
  return plain(typed) === plain(word);
}
