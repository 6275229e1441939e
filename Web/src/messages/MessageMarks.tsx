import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { exact, timeOfDay } from '../shared/dates';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { FormattedText } from './FormattedText';
import { hrefOf } from './formatting';
import styles from './Marks.module.css';
import { Quote } from './Quote';

/** Over the content: that it was passed on, the advertisement that led here, the product or message it is about. */
export function Before({ message, customerName }: { message: Message; customerName: string }) {
  const { t } = useTranslation();
  const { content, quoted, type } = message;
  const referral = content?.referral;
  const source = referral?.sourceUrl ? hrefOf(referral.sourceUrl) : null;
  return (
    <>
      {message.data?.via !== undefined && (
        <span className={styles.mark} data-testid="message-via">
          <Icon name="person" size={13} />
          {t('threadMerge.via')}
        </span>
      )}
      {content?.forwarded && (
        <span className={styles.mark}>
          <Icon name="forward" size={13} />
          {t(`message.forwarded.${content.forwarded === 'often' ? 'often' : 'once'}`)}
        </span>
      )}
      {referral && (
        <span className={styles.referral} data-testid="referral">
          <small>
            <Icon name="megaphone" size={13} />
            {t(referral.sourceType === 'post' ? 'message.fromPost' : 'message.fromAd')}
          </small>
          {referral.headline && <b dir="auto">{referral.headline}</b>}
          {referral.body && <span dir="auto">{referral.body}</span>}
          {source && (
            <a href={source} target="_blank" rel="noopener noreferrer nofollow">
              {t('message.openSource')}
            </a>
          )}
        </span>
      )}
      {content?.product?.productId && (
        <span className={styles.mark}>
          <Icon name="cart" size={13} />
          {t('message.aboutProduct', { product: content.product.productId })}
        </span>
      )}
      {quoted && type !== 'reaction' && type !== 'edit' && type !== 'revoke' && (
        <Quote quoted={quoted} customerName={customerName} />
      )}
    </>
  );
}

/** Under the content: that it was changed or taken back, and what it said before. */
export function After({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { edited, deletedAt, direction } = message;
  return (
    <>
      {edited && (
        <>
          <Button look="link" className={styles.small} aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'message.hideEarlier' : 'message.edited', { time: timeOfDay(edited.at) })}
          </Button>
          {open && (
            <ol className={styles.earlier} data-testid="earlier">
              {edited.earlier.map(({ text, at }) => (
                <li key={at}>
                  <small>{exact(at)}</small>
                  <FormattedText text={text ?? ''} />
                </li>
              ))}
            </ol>
          )}
        </>
      )}
      {deletedAt && (
        <span className={styles.mark} data-testid="deleted">
          <Icon name="trash" size={13} />
          {t(direction === 'inbound' ? 'message.deletedByCustomer' : 'message.deletedByUs', {
            time: timeOfDay(deletedAt),
          })}
          {message.data?.purged === true && ` ${t('message.purged')}`}
        </span>
      )}
    </>
  );
}

/** The reactions that stand, under the bubble. */
export function Reactions({ message, customerName }: { message: Message; customerName: string }) {
  const { t } = useTranslation();
  const standing = message.reactions ?? [];
  if (standing.length === 0) return null;
  return (
    <span className={styles.reactions}>
      {standing.map(({ emoji, direction, agentName, at }) => {
        const name = direction === 'inbound' ? customerName : (agentName ?? t('message.us'));
        const label = t('message.reactionBy', { emoji, name });
        return (
          <span
            key={direction}
            role="img"
            aria-label={label}
            title={`${label}, ${exact(at)}`}
            data-testid="reaction"
          >
            {emoji}
          </span>
        );
      })}
    </span>
  );
}
