import type { SendBody, Template, TemplateComponent } from '../api/types';

/** A place to fill in. Header and body count their variables apart: each may have its own {{1}}. */
export interface Field {
  part: 'header' | 'body';
  name: string;
}

export type Values = Record<string, string>;

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

export function fieldKey({ part, name }: Field): string {
  return `${part} ${name}`;
}

/** The variables of a text, each once, in their order. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/** In the order Meta counts them: the header's, then the body's, each once. */
export function fieldsOf(template: Template): Field[] {
  const parts = [
    ['header', template.header ?? ''],
    ['body', template.body],
  ] as const;
  return parts.flatMap(([part, text]) => {
    return variablesOf(text).map((name) => ({ part, name }));
  });
}

export type FieldFault = 'required' | 'singleLine';

/** What WhatsApp would refuse: gaps, line breaks, tabs, more than four spaces in a row. */
export function faultOf(value: string | undefined): FieldFault | null {
  if (!value || value.trim() === '') return 'required';
  return /[\n\r\t]| {5,}/.test(value) ? 'singleLine' : null;
}

/** The text in pieces: what stands there, and what is filled in (null while it is empty). */
export type Piece = { text: string } | { name: string; value: string | null };

export function piecesOf(text: string, part: Field['part'], values: Values): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    const name = match[1] ?? '';
    pieces.push({ name, value: values[fieldKey({ part, name })]?.trim() || null });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The send, as the Cloud API takes it: named templates name their parameters, positional ones order them. */
export function sendBodyOf(template: Template, values: Values): SendBody {
  const named = template.parameterFormat.toUpperCase() === 'NAMED';
  const fields = fieldsOf(template);
  const components = (['header', 'body'] as const).flatMap((part): TemplateComponent[] => {
    const own = fields.filter((field) => field.part === part);
    if (own.length === 0) return [];
    const ordered = named ? own : own.toSorted((a, b) => Number(a.name) - Number(b.name));
    const parameters = ordered.map((field) => ({
      type: 'text' as const,
      ...(named ? { parameter_name: field.name } : {}),
      text: (values[fieldKey(field)] ?? '').trim(),
    }));
    return [{ type: part, parameters }];
  });
  return {
    type: 'template',
    template: { name: template.name, language: { code: template.language }, components },
  };
}

/** Templates by name, each with its languages, found by any of its words. */
export interface TemplateGroup {
  name: string;
  variants: Template[];
}

export function groupTemplates(templates: Template[], query: string): TemplateGroup[] {
  const groups = new Map<string, Template[]>();
  for (const template of templates)
    groups.set(template.name, [...(groups.get(template.name) ?? []), template]);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return [...groups]
    .map(([name, variants]) => ({ name, variants }))
    .filter(({ name, variants }) => {
      const text =
        `${name} ${variants.map(({ body, header }) => `${header ?? ''} ${body}`).join(' ')}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The variant in the reader's language where there is one. */
export function preferredVariant({ variants }: TemplateGroup, language: string): Template | undefined {
  return variants.find((variant) => variant.language.slice(0, 2) === language) ?? variants[0];
}
