import type { SendBody, Template, TemplateComponent, TemplateParameter } from '../api/types';
import { coordinatesIn } from '../composer/insert/place';
import { type Known, personalise } from './placeholders';

/**
 * A place to fill in. Header and body count their variables apart: each may have its own {{1}}. A button is named by its index; the
 * header's place on the map has a field for where it is, its name and its address.
 */
export interface Field {
  part: 'header' | 'body' | 'button' | 'place';
  name: string;
}

export type Values = Record<string, string>;

/** The file of a header, as it was uploaded. */
export interface HeaderFile {
  mediaId: string;
  name: string;
}

export type HeaderFileKind = 'image' | 'video' | 'document';

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

export function fieldKey({ part, name }: Field): string {
  return `${part} ${name}`;
}

/** The variables of a text, each once, in their order. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/** The type of file that the header is; null: it is none. */
export function headerFileOf({ headerFormat }: Pick<Template, 'headerFormat'>): HeaderFileKind | null {
  const kind = headerFormat?.toLowerCase();
  return kind === 'image' || kind === 'video' || kind === 'document' ? kind : null;
}

/** In the order Meta counts them: the header's, the body's, each once, then what buttons need. */
export function fieldsOf(template: Template): Field[] {
  const parts = [
    ['header', template.header ?? ''],
    ['body', template.body],
  ] as const;
  return [
    ...(template.headerFormat === 'LOCATION'
      ? ['where', 'name', 'address'].map((name) => ({ part: 'place' as const, name }))
      : []),
    ...parts.flatMap(([part, text]) => variablesOf(text).map((name) => ({ part, name }))),
    ...template.buttons.flatMap(({ needsValue }, index) =>
      needsValue ? [{ part: 'button' as const, name: String(index) }] : [],
    ),
  ];
}

export type FieldFault = 'required' | 'singleLine' | 'noPlace' | 'nameFirst' | 'unknown';

/** What WhatsApp would refuse: gaps, line breaks, tabs, more than four spaces in a row; and what nobody knows of this customer. */
export function faultOf(field: Field, values: Values, known: Known): FieldFault | null {
  const value = values[fieldKey(field)];
  if (field.part === 'place') {
    if (field.name === 'where') return coordinatesIn(value ?? '') ? null : 'noPlace';
    const address = values[fieldKey({ part: 'place', name: 'address' })];
    return field.name === 'name' && address?.trim() && !value?.trim() ? 'nameFirst' : null;
  }
  if (!value || value.trim() === '') return 'required';
  if (personalise(value, known).missing !== null) return 'unknown';
  return /[\n\r\t]| {5,}/.test(value) ? 'singleLine' : null;
}

/** The text in pieces: what stands there, and what is filled in (null while it is empty). */
export type Piece = { text: string } | { name: string; value: string | null };

export function piecesOf(text: string, part: Field['part'], values: Values, known: Known = {}): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    const name = match[1] ?? '';
    const value = values[fieldKey({ part, name })]?.trim();
    pieces.push({ name, value: value ? personalise(value, known).text : null });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The send, as the Cloud API takes it: named templates name their parameters, positional ones order them. */
export function sendBodyOf(template: Template, values: Values, file: HeaderFile | null = null): SendBody {
  const named = template.parameterFormat.toUpperCase() === 'NAMED';
  const fields = fieldsOf(template);
  const written = (field: Field) => (values[fieldKey(field)] ?? '').trim();
  const texts = (['header', 'body'] as const).flatMap((part): TemplateComponent[] => {
    const own = fields.filter((field) => field.part === part);
    if (own.length === 0) return [];
    const ordered = named ? own : own.toSorted((a, b) => Number(a.name) - Number(b.name));
    const parameters = ordered.map((field) => ({
      type: 'text' as const,
      ...(named ? { parameter_name: field.name } : {}),
      text: written(field),
    }));
    return [{ type: part, parameters }];
  });
  const buttons = fields
    .filter(({ part }) => part === 'button')
    .map((field): TemplateComponent => {
      const isCode = template.buttons[Number(field.name)]?.type === 'COPY_CODE';
      return {
        type: 'button',
        sub_type: isCode ? 'copy_code' : 'url',
        index: field.name,
        parameters: [
          isCode
            ? { type: 'coupon_code', coupon_code: written(field) }
            : { type: 'text', text: written(field) },
        ],
      };
    });
  const header = headerOf(template, values, file);
  return {
    type: 'template',
    template: {
      name: template.name,
      language: { code: template.language },
      components: [
        ...(header ? [{ type: 'header' as const, parameters: [header] }] : []),
        ...texts,
        ...buttons,
      ],
    },
  };
}

function headerOf(template: Template, values: Values, file: HeaderFile | null): TemplateParameter | null {
  const kind = headerFileOf(template);
  if (kind) return file && ({ type: kind, [kind]: { id: file.mediaId } } as TemplateParameter);
  if (template.headerFormat !== 'LOCATION') return null;
  const [where, name, address] = ['where', 'name', 'address'].map((one) =>
    (values[fieldKey({ part: 'place', name: one })] ?? '').trim(),
  );
  const place = coordinatesIn(where ?? '');
  return (
    place && { type: 'location', location: { ...place, ...(name && { name }), ...(address && { address }) } }
  );
}

/** Templates by name, each with its languages, found by any of its words. */
export interface TemplateGroup {
  name: string;
  variants: Template[];
}

/** @param recent Names that come first, in their order. */
export function groupTemplates(templates: Template[], query: string, recent: string[] = []): TemplateGroup[] {
  const groups = new Map<string, Template[]>();
  for (const template of templates)
    groups.set(template.name, [...(groups.get(template.name) ?? []), template]);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const placeOf = (name: string) => (recent.includes(name) ? recent.indexOf(name) : recent.length);
  return [...groups]
    .map(([name, variants]) => ({ name, variants }))
    .filter(({ name, variants }) => {
      const text =
        `${name} ${variants.map(({ body, header }) => `${header ?? ''} ${body}`).join(' ')}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => placeOf(a.name) - placeOf(b.name) || a.name.localeCompare(b.name));
}

/** The variant in the customer's or the reader's language where there is one. */
export function preferredVariant(
  { variants }: TemplateGroup,
  ...languages: (string | null)[]
): Template | undefined {
  for (const language of languages) {
    const found =
      language && variants.find((variant) => variant.language.slice(0, 2) === language.slice(0, 2));
    if (found) return found;
  }
  return variants[0];
}
