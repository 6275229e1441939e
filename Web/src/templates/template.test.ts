import { describe, expect, it } from 'vitest';
import type { Template } from '../api/types';
import {
  faultOf,
  fieldKey,
  fieldsOf,
  groupTemplates,
  piecesOf,
  preferredVariant,
  sendBodyOf,
} from './template';

const template = (over: Partial<Template> = {}): Template => ({
  name: 'shipping',
  language: 'ja',
  category: 'UTILITY',
  status: 'APPROVED',
  headerFormat: null,
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
    const body = { part: 'body', name: '1' } as const;
    const faultIn = (value?: string, known = {}) =>
      faultOf(body, value === undefined ? {} : { 'body 1': value }, known);
    expect(faultIn()).toBe('required');
    expect(faultIn('  ')).toBe('required');
    expect(faultIn('a\nb')).toBe('singleLine');
    expect(faultIn('a     b')).toBe('singleLine');
    expect(faultIn('a b')).toBeNull();
    expect(faultIn('{contact.name}', { 'contact.name': null })).toBe('unknown');
    expect(faultIn('{contact.name|you}', { 'contact.name': null })).toBeNull();
    expect(faultIn('{contact.nam|you}', { 'contact.name': 'Yui' })).toBe('unknown');
  });

  it('asks for a place, for the ends of links and for codes, and sends them as the Cloud API takes them', () => {
    const whole = template({
      headerFormat: 'LOCATION',
      body: 'Hello',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Stop', url: null, needsValue: false },
        { type: 'URL', text: 'Open', url: 'https://x.example/{{1}}', needsValue: true },
        { type: 'COPY_CODE', text: '', url: null, needsValue: true },
      ],
    });
    expect(fieldsOf(whole).map(fieldKey)).toEqual([
      'place where',
      'place name',
      'place address',
      'button 1',
      'button 2',
    ]);
    const values = { 'place where': '35.6812, 139.7671', 'button 1': 'a', 'button 2': 'SAVE' };
    expect(faultOf({ part: 'place', name: 'where' }, { 'place where': 'Tokyo' }, {})).toBe('noPlace');
    expect(faultOf({ part: 'place', name: 'name' }, { 'place address': 'x' }, {})).toBe('nameFirst');
    const body = sendBodyOf(whole, values);
    expect(body.type === 'template' && body.template.components).toEqual([
      {
        type: 'header',
        parameters: [{ type: 'location', location: { latitude: 35.6812, longitude: 139.7671 } }],
      },
      { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'a' }] },
      {
        type: 'button',
        sub_type: 'copy_code',
        index: '2',
        parameters: [{ type: 'coupon_code', coupon_code: 'SAVE' }],
      },
    ]);
  });

  it('brings the file of its header', () => {
    const body = sendBodyOf(
      template({ headerFormat: 'DOCUMENT', body: 'Hi' }),
      {},
      { mediaId: 'm', name: 'a.pdf' },
    );
    expect(body.type === 'template' && body.template.components).toEqual([
      { type: 'header', parameters: [{ type: 'document', document: { id: 'm' } }] },
    ]);
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
