import { describe, expect, it } from 'vitest';
import type { Template } from '../api/types';
import { faultOf, fieldsOf, groupTemplates, piecesOf, preferredVariant, sendBodyOf } from './template';

const template = (over: Partial<Template> = {}): Template => ({
  name: 'shipping',
  language: 'ja',
  category: 'UTILITY',
  status: 'APPROVED',
  header: null,
  body: '{{1}}様、{{2}}を発送しました。{{1}}様',
  footer: null,
  buttons: [],
  variables: ['1', '2'],
  parameterFormat: 'POSITIONAL',
  ...over,
});

describe('a template', () => {
  it('asks for each variable once, header and body apart', () => {
    expect(fieldsOf(template({ header: '{{1}}' }))).toEqual([
      { part: 'header', name: '1' },
      { part: 'body', name: '1' },
      { part: 'body', name: '2' },
    ]);
  });

  it('is sent with positional parameters in their order', () => {
    const body = sendBodyOf(template({ body: '{{2}} {{1}}' }), { 'body 1': ' a ', 'body 2': "O'Brien <b>" });
    expect(body).toEqual({
      type: 'template',
      template: {
        name: 'shipping',
        language: { code: 'ja' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'a' },
              { type: 'text', text: "O'Brien <b>" },
            ],
          },
        ],
      },
    });
  });

  it('is sent with named parameters, the header’s apart', () => {
    const named = template({ header: '{{shop}}', body: '{{first_name}}', parameterFormat: 'NAMED' });
    const body = sendBodyOf(named, { 'header shop': 'Shop', 'body first_name': 'Yui' });
    expect(body.type === 'template' && body.template.components).toEqual([
      { type: 'header', parameters: [{ type: 'text', parameter_name: 'shop', text: 'Shop' }] },
      { type: 'body', parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Yui' }] },
    ]);
  });

  it('without variables has no components', () => {
    const body = sendBodyOf(template({ body: 'Hello' }), {});
    expect(body.type === 'template' && body.template.components).toEqual([]);
  });

  it('is refused here while something is missing or WhatsApp would refuse it', () => {
    expect(faultOf(undefined)).toBe('required');
    expect(faultOf('  ')).toBe('required');
    expect(faultOf('a\nb')).toBe('singleLine');
    expect(faultOf('a     b')).toBe('singleLine');
    expect(faultOf('a b')).toBeNull();
  });

  it('shows gaps and values in place', () => {
    expect(piecesOf('{{1}}様 {{2}}', 'body', { 'body 1': '田中' })).toEqual([
      { name: '1', value: '田中' },
      { text: '様 ' },
      { name: '2', value: null },
    ]);
  });

  it('is found by any of its words, and chosen in the reader’s language', () => {
    const [group] = groupTemplates([template(), template({ language: 'en_US', body: 'Shipped' })], 'shipped');
    expect(group?.variants).toHaveLength(2);
    expect(group && preferredVariant(group, 'en')?.language).toBe('en_US');
    expect(groupTemplates([template()], 'refund')).toEqual([]);
  });
});
