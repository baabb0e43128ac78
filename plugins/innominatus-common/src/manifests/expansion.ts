/**
 * Escapes a text that the kubelet expands, so that it arrives as it is: the
 * kubelet takes `$(NAME)` for a variable and `$$` for one `$`.
 *
 * @param next - What follows the text; a `$` at its end may pair with it.
 */
export function escapeExpansion(text: string, next: string = ''): string {
  const all = text + next;
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const pairs = all[i + 1] === '$' || all[i + 1] === '(';
    result += text[i] === '$' && pairs ? '$$' : text[i];
  }
  return result;
}
