import { useTranslation } from 'react-i18next';
import type { Template } from '../api/types';
import { mediaUrl } from '../api/upload';
import { Icon } from '../shared/ui/Icon';
import type { Known } from './placeholders';
import styles from './TemplateDialog.module.css';
import { type Field, type HeaderFile, headerFileOf, piecesOf, type Values } from './template';

interface Props {
  template: Template;
  values: Values;
  known?: Known;
  file?: HeaderFile | null;
}

const headerIcons = { image: 'photo', video: 'video', document: 'file' } as const;

/** As the customer will see it, with what is filled in so far. */
export function TemplatePreview({ template, values, known = {}, file = null }: Props) {
  const { t } = useTranslation();
  const kind = headerFileOf(template);
  return (
    <div data-testid="template-preview" translate="no">
      <div className={styles.bubble} lang={template.language.slice(0, 2)}>
        {kind === 'image' && file && <img className={styles.picture} src={mediaUrl(file.mediaId)} alt="" />}
        {kind && !(kind === 'image' && file) && (
          <span className={styles.attached}>
            <Icon name={headerIcons[kind]} size={20} />
            {file?.name}
          </span>
        )}
        {template.headerFormat === 'LOCATION' && (
          <span className={styles.attached}>
            <Icon name="pin" size={20} />
            {values['place name'] ?? values['place where']}
          </span>
        )}
        {template.header && (
          <b>
            <Filled text={template.header} part="header" values={values} known={known} />
          </b>
        )}
        <Filled text={template.body} part="body" values={values} known={known} />
        {template.footer && <footer>{template.footer}</footer>}
      </div>
      {template.buttons.length > 0 && (
        <ul className={styles.buttons}>
          {template.buttons.map((button) => (
            <li key={`${button.type} ${button.text}`}>
              {button.text || t(`templates.button.${button.type}`, { defaultValue: '' })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface FilledProps {
  text: string;
  part: Field['part'];
  values: Values;
  known: Known;
}

function Filled({ text, part, values, known }: FilledProps) {
  return piecesOf(text, part, values, known).map((piece, index) => {
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
