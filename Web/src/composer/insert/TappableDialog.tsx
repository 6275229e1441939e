import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendBody } from '../../api/types';
import { TappableView } from '../../messages/faces/Tappable';
import { Button, IconButton } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { Field, TextField } from '../../shared/ui/Field';
import styles from './Insert.module.css';
import { build, limits, noParts, type Parts, previewOf, type TappableKind } from './tappable';

interface Props {
  kind: TappableKind;
  onSend: (body: SendBody, text: string) => void;
  onClose: () => void;
}

/** Builds a message with something to tap; beside it what the phone will show. */
export function TappableDialog({ kind, onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [parts, setParts] = useState<Parts>(noParts);
  const change = (part: Partial<Parts>) => setParts((before) => ({ ...before, ...part }));
  const interactive = build(kind, parts);
  const plain = kind === 'location_request_message';
  const field = (name: 'header' | 'footer' | 'button' | 'url', label: string, most: number) => (
    <Field
      label={label}
      value={parts[name]}
      maxLength={most}
      onChange={(event) => change({ [name]: event.target.value })}
    />
  );
  return (
    <Dialog title={t(`insert.kind.${kind}`)} wide onClose={onClose}>
      <form
        className={styles.split}
        onSubmit={(event) => {
          event.preventDefault();
          if (interactive) onSend({ type: 'interactive', interactive }, interactive.body.text);
        }}
      >
        <div className={styles.form}>
          {!plain && field('header', t('insert.header'), limits.header)}
          <TextField
            label={t('insert.body')}
            rows={3}
            value={parts.body}
            maxLength={kind === 'list' ? limits.listBody : limits.body}
            data-autofocus
            data-testid="insert-body"
            onChange={(event) => change({ body: event.target.value })}
          />
          {!plain && field('footer', t('insert.footer'), limits.footer)}
          {kind === 'button' && <Buttons parts={parts} change={change} />}
          {kind === 'list' && field('button', t('insert.listButton'), limits.button)}
          {kind === 'list' && <Rows parts={parts} change={change} />}
          {kind === 'cta_url' && field('button', t('insert.linkButton'), limits.button)}
          {kind === 'cta_url' && field('url', t('insert.url'), 2000)}
          <p className={styles.foot}>
            <Button look="primary" type="submit" disabled={!interactive} data-testid="insert-send">
              {t('composer.send')}
            </Button>
          </p>
        </div>
        <div className={styles.phone} aria-label={t('insert.preview')} role="group">
          <TappableView text={parts.body || '…'} interactive={previewOf(kind, parts)} />
        </div>
      </form>
    </Dialog>
  );
}

interface PartProps {
  parts: Parts;
  change: (part: Partial<Parts>) => void;
}

function Buttons({ parts, change }: PartProps) {
  const { t } = useTranslation();
  const { buttons } = parts;
  const set = (index: number, title: string) =>
    change({ buttons: buttons.map((before, at) => (at === index ? title : before)) });
  return (
    <Several
      count={buttons.length}
      most={limits.buttons}
      add={t('insert.addButton')}
      onAdd={() => change({ buttons: [...buttons, ''] })}
    >
      {buttons.map((title, index) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: a button is its place.
          key={index}
          label={t('insert.buttonAt', { number: index + 1 })}
          value={title}
          maxLength={limits.button}
          onChange={(event) => set(index, event.target.value)}
        >
          {buttons.length > 1 && (
            <IconButton
              icon="trash"
              size={16}
              label={t('insert.remove', { number: index + 1 })}
              onClick={() => change({ buttons: buttons.filter((_, at) => at !== index) })}
            />
          )}
        </Field>
      ))}
    </Several>
  );
}

function Rows({ parts, change }: PartProps) {
  const { t } = useTranslation();
  const { rows } = parts;
  const set = (index: number, part: Partial<Parts['rows'][number]>) =>
    change({ rows: rows.map((before, at) => (at === index ? { ...before, ...part } : before)) });
  return (
    <Several
      count={rows.length}
      most={limits.rows}
      add={t('insert.addRow')}
      onAdd={() => change({ rows: [...rows, { title: '', description: '' }] })}
    >
      {rows.map(({ title, description }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place.
        <div key={index} className={styles.row}>
          <Field
            label={t('insert.rowAt', { number: index + 1 })}
            value={title}
            maxLength={limits.row}
            onChange={(event) => set(index, { title: event.target.value })}
          />
          <Field
            label={t('insert.description')}
            value={description}
            maxLength={limits.description}
            onChange={(event) => set(index, { description: event.target.value })}
          >
            {rows.length > 1 && (
              <IconButton
                icon="trash"
                size={16}
                label={t('insert.remove', { number: index + 1 })}
                onClick={() => change({ rows: rows.filter((_, at) => at !== index) })}
              />
            )}
          </Field>
        </div>
      ))}
    </Several>
  );
}

interface SeveralProps {
  count: number;
  most: number;
  add: string;
  onAdd: () => void;
  children: ReactNode;
}

function Several({ count, most, add, onAdd, children }: SeveralProps) {
  return (
    <>
      {children}
      {count < most && (
        <Button look="link" onClick={onAdd}>
          {add}
        </Button>
      )}
    </>
  );
}
