import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { FormattedText } from './FormattedText';

it('shows what customers write as text, never as HTML', () => {
  const markup = renderToStaticMarkup(
    <FormattedText text={'*<img src=x onerror=alert(1)>* https://a.example/"><script>'} />,
  );
  expect(markup).not.toMatch(/<img|<script/);
  expect(markup).toContain('<strong>&lt;img src=x onerror=alert(1)&gt;</strong>');
  expect(markup).toContain('rel="noopener noreferrer nofollow"');
});
