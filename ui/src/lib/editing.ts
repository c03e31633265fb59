/**
 * Cut, copy, paste and select all, for a field's menu. They go through the browser's own editing, so that
 * Ctrl+Z takes them back where it takes back what was typed: in WebKitGTK neither.
 */

export type TextField = HTMLInputElement | HTMLTextAreaElement;

const NOT_TEXT = ['button', 'checkbox', 'radio', 'submit', 'reset', 'range', 'color', 'file'];

/** The field that something is in, where text is typed into it. */
export function fieldAt(target: EventTarget | null): TextField | null {
  const field = target instanceof Element ? target.closest('input, textarea') : null;
  if (field instanceof HTMLTextAreaElement) return field;
  return field instanceof HTMLInputElement && !NOT_TEXT.includes(field.type) ? field : null;
}

/** What is selected in a field that has the focus; of a concealed one nothing. */
export function selectedIn(field: TextField): string {
  if (field.type === 'password') return '';
  const { selectionStart: from, selectionEnd: to } = field;
  // Some kinds of field, such as an email's, don't tell.
  return from === null || to === null
    ? (getSelection()?.toString() ?? '')
    : field.value.slice(from, to);
}

/** Whether what a field says can be changed. */
export function isEditable(field: TextField): boolean {
  return !field.disabled && !field.readOnly;
}

/** Takes the selected text out of the field that has the focus, onto the clipboard. */
export async function cut(selected: string): Promise<void> {
  await navigator.clipboard.writeText(selected);
  document.execCommand('delete');
}

/** Puts text in the place of what is selected in the field that has the focus. */
export function insert(text: string): void {
  document.execCommand('insertText', false, text);
}
