import { describe, expect, it } from 'vitest';
import type { LibraryTemplate } from '../api/templateLibrary';
import { draftOf, emptyDraft, nextVariable, templateOf, valuesOf } from './draft';

const library = (components: object[], parameterFormat: string): LibraryTemplate => ({
  id: '1',
  wabaId: '2',
  status: 'APPROVED',
  quality: null,
  reason: null,
  components: JSON.stringify(components),
  template: { ...templateOf(emptyDraft), name: 'visit', language: 'ja', parameterFormat },
});

describe('a template of Meta’s as a draft', () => {
  it('keeps texts, buttons and samples, named or in order', () => {
    const named = draftOf(
      library(
        [
          {
            type: 'HEADER',
            format: 'TEXT',
            text: 'Order {{number}}',
            example: { header_text_named_params: [{ param_name: 'number', example: '4711' }] },
          },
          {
            type: 'BODY',
            text: 'Hello {{name}}.',
            example: { body_text_named_params: [{ param_name: 'name', example: 'Rita' }] },
          },
          { type: 'FOOTER', text: 'Sakura' },
          {
            type: 'BUTTONS',
            buttons: [{ type: 'URL', text: 'Open', url: 'https://x.pt/{{1}}', example: ['https://x.pt/1'] }],
          },
        ],
        'NAMED',
      ),
    );
    expect(named.samples).toEqual({ name: 'Rita', header: '4711' });
    expect(named.buttons[0]).toMatchObject({ type: 'URL', example: 'https://x.pt/1' });
    expect(valuesOf(named)).toEqual({ 'header number': '4711', 'body name': 'Rita' });

    const positional = draftOf(
      library(
        [{ type: 'BODY', text: 'Hi {{1}} and {{2}}.', example: { body_text: [['a', 'b']] } }],
        'POSITIONAL',
      ),
    );
    expect(positional.samples).toEqual({ 1: 'a', 2: 'b' });
  });

  it('survives parts without samples', () => {
    expect(draftOf(library([{ type: 'BODY', text: 'Hi' }], 'POSITIONAL'))).toMatchObject({
      body: 'Hi',
      header: null,
      footer: '',
      buttons: [],
      samples: {},
    });
  });
});

describe('the next variable', () => {
  it('is the next number, or a name that is free', () => {
    expect(nextVariable({ ...emptyDraft, parameterFormat: 'POSITIONAL', body: 'a {{1}} b' })).toBe('{{2}}');
    expect(nextVariable({ ...emptyDraft, body: '{{value_2}} x' })).toBe('{{value_3}}');
    expect(nextVariable({ ...emptyDraft, body: '' })).toBe('{{value_1}}');
  });
});
