import type { Template } from '../api/types';
import styles from './TemplateDialog.module.css';
import { type Field, piecesOf, type Values } from './template';

/** As the customer will see it, with what is filled in so far. */
export function TemplatePreview({ template, values }: { template: Template; values: Values }) {
  return (
    <div data-testid="template-preview" translate="no">
      <div className={styles.bubble} lang={template.language.slice(0, 2)}>
        {template.header && (
          <b>
            <Filled text={template.header} part="header" values={values} />
          </b>
        )}
        <Filled text={template.body} part="body" values={values} />
        {template.footer && <footer>{template.footer}</footer>}
      </div>
      {template.buttons.length > 0 && (
        <ul className={styles.buttons}>
          {template.buttons.map((button) => (
            <li key={`${button.type} ${button.text}`}>{button.text}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Filled({ text, part, values }: { text: string; part: Field['part']; values: Values }) {
  return piecesOf(text, part, values).map((piece, index) => {
    if ('text' in piece) return piece.text;
    // The same variable may stand twice: its place in the text tells the two apart.
    const key = `${piece.name} ${index}`;
    return piece.value === null ? (
      <span key={key} className={styles.gap}>{`{{${piece.name}}}`}</span>
    ) : (
      <span key={key} className={styles.value}>
        {piece.value}
      </span>
    );
  });
}
