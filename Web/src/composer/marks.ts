/** WhatsApp's markers around the selection; a second time takes them off again. */
export type MarkName = 'bold' | 'italic' | 'strike' | 'mono';

const marks: Record<MarkName, string> = { bold: '*', italic: '_', strike: '~', mono: '```' };

export interface Edit {
  text: string;
  start: number;
  end: number;
}

export function toggleMark({ text, start, end }: Edit, name: MarkName): Edit {
  const mark = marks[name];
  const size = mark.length;
  const before = text.slice(0, start);
  const selected = text.slice(start, end);
  const after = text.slice(end);
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return {
      text: before.slice(0, -size) + selected + after.slice(size),
      start: start - size,
      end: end - size,
    };
  }
  // Blanks at the edges stay outside: WhatsApp does not read "* bold *".
  const lead = selected.length - selected.trimStart().length;
  const trail = selected.trim() === '' ? 0 : selected.length - selected.trimEnd().length;
  const inner = selected.slice(lead, selected.length - trail);
  const head = before + selected.slice(0, lead);
  return {
    text: head + mark + inner + mark + selected.slice(selected.length - trail) + after,
    start: head.length + size,
    end: head.length + size + inner.length,
  };
}

export function insertAt({ text, start, end }: Edit, piece: string): Edit {
  const at = start + piece.length;
  return { text: text.slice(0, start) + piece + text.slice(end), start: at, end: at };
}
