import { useMemo } from 'react';
import styles from './FormattedText.module.css';
import { parseFormatting, type Span } from './formatting';

/** A customer's text, drawn as elements: nothing of it is ever read as HTML. */
export function FormattedText({ text }: { text: string }) {
  const spans = useMemo(() => parseFormatting(text), [text]);
  return (
    <span className={styles.text} dir="auto">
      <Spans spans={spans} />
    </span>
  );
}

function Spans({ spans }: { spans: Span[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place; the text does not change under them.
  return spans.map((span, index) => <SpanView key={`${index} ${span.type}`} span={span} />);
}

function SpanView({ span }: { span: Span }) {
  switch (span.type) {
    case 'text':
      return span.text;
    case 'bold':
      return (
        <strong>
          <Spans spans={span.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Spans spans={span.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Spans spans={span.children} />
        </s>
      );
    case 'code':
      return <code className={styles.code}>{span.text}</code>;
    case 'mono':
      return <code className={styles.mono}>{span.text}</code>;
    case 'link':
      return (
        <a href={span.href} target="_blank" rel="noopener noreferrer nofollow">
          {span.text}
        </a>
      );
  }
}
