import { useTranslation } from 'react-i18next';
import type { Interactive } from '../../api/types';
import { Icon, type IconName } from '../../shared/ui/Icon';
import { FormattedText } from '../FormattedText';
import type { FaceProps } from '.';
import styles from './Faces.module.css';

/** A message of ours with something to tap, as the phone shows it. */
export function Tappable({ message }: FaceProps) {
  const interactive = message.content?.interactive;
  if (!interactive) return <FormattedText text={message.text ?? ''} />;
  return <TappableView text={message.text ?? ''} interactive={interactive} />;
}

const icons: Record<string, IconName> = { button: 'reply', list: 'list', cta_url: 'link' };

export function TappableView({ text, interactive }: { text: string; interactive: Interactive }) {
  const { t } = useTranslation();
  const { kind, header, footer, sections, url } = interactive;
  const buttons = kind === 'location_request_message' ? [t('message.sendLocation')] : interactive.buttons;
  return (
    <span className={styles.tappable} data-testid="tappable">
      {header && <b dir="auto">{header}</b>}
      <FormattedText text={text} />
      {footer && <small dir="auto">{footer}</small>}
      {sections.length > 0 && (
        <ul className={styles.items}>
          {sections.flatMap((section) => [
            section.title ? (
              <li key={`section ${section.title}`}>{<i dir="auto">{section.title}</i>}</li>
            ) : null,
            ...section.rows.map(({ title, description }) => (
              <li key={`${section.title} ${title}`}>
                <span dir="auto">{title}</span>
                <small dir="auto">{description}</small>
              </li>
            )),
          ])}
        </ul>
      )}
      {buttons.map((title) => (
        <span key={title} className={styles.tapButton} title={url ?? undefined}>
          <Icon name={icons[kind] ?? 'pin'} size={14} />
          <span dir="auto">{title}</span>
        </span>
      ))}
    </span>
  );
}
