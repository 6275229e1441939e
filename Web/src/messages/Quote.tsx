import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Quoted } from '../api/types';
import { Icon } from '../shared/ui/Icon';
import { previewText, typeIcon } from './labels';
import styles from './Marks.module.css';

/** Over a reply: what it answers, and the way there. What is not kept here is said to be so. */
export function Quote({ quoted, customerName }: { quoted: Quoted; customerName: string }) {
  const { t } = useTranslation();
  if (!quoted.id)
    return (
      <span className={styles.quote} data-testid="quote">
        <small>{t('message.quotedGone')}</small>
      </span>
    );
  return (
    <Link
      to="."
      search={(before) => ({ ...before, message: quoted.id ?? undefined })}
      replace
      className={styles.quote}
      data-testid="quote"
    >
      <QuoteWords quoted={quoted} customerName={customerName} />
    </Link>
  );
}

export function QuoteWords({
  quoted,
  customerName,
}: {
  quoted: Pick<Quoted, 'direction' | 'type' | 'text' | 'fileName'>;
  customerName: string;
}) {
  const { t } = useTranslation();
  const type = quoted.type ?? 'other';
  const icon = typeIcon(type);
  return (
    <>
      <b dir="auto">{quoted.direction === 'inbound' ? customerName : t('message.us')}</b>
      <span dir="auto">
        {icon && <Icon name={icon} size={13} />}
        {quoted.fileName && !quoted.text ? quoted.fileName : previewText(t, { type, text: quoted.text })}
      </span>
    </>
  );
}
