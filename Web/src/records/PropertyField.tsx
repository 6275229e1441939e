import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../composer/sendKey';
import styles from './Properties.module.css';

interface Props {
  label: string;
  value: string | null;
  /** How it is shown, where that is not as it is stored. */
  text?: string;
  lang?: string;
  type?: 'text' | 'date';
  longest: number;
  multiline?: boolean;
  editable: boolean;
  testId: string;
  /** True where it was stored; else what was typed stays in the field. */
  onSave: (value: string | null) => Promise<boolean>;
}

/** A property that is edited where it stands: Enter keeps it, Escape does not. */
export function PropertyField(props: Props) {
  const { label, value, text, lang, type = 'text', longest, multiline, editable, testId, onSave } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const leaving = useRef(false);

  const end = (focus: boolean) => {
    leaving.current = true;
    setTyped(null);
    if (focus) requestAnimationFrame(() => button.current?.focus());
  };
  const save = async (focus: boolean) => {
    const next = typed?.trim() || null;
    if (next === value) return end(focus);
    setSaving(true);
    const stored = await onSave(next);
    setSaving(false);
    if (stored) end(focus);
  };
  const shown = text ?? value;

  return (
    <>
      <dt>{label}</dt>
      <dd>
        {typed === null ? (
          editable ? (
            <button
              ref={button}
              type="button"
              className={shown ? styles.value : `${styles.value} ${styles.empty}`}
              aria-label={t('record.edit', { label, value: shown ?? t('record.add') })}
              data-testid={testId}
              onClick={() => {
                leaving.current = false;
                setTyped(value ?? '');
              }}
            >
              <span dir="auto" lang={lang}>
                {shown ?? t('record.add')}
              </span>
            </button>
          ) : (
            <span dir="auto" lang={lang} className={styles.fixed} data-testid={testId}>
              {shown ?? t('record.nothing')}
            </span>
          )
        ) : multiline ? (
          <textarea
            className={styles.field}
            aria-label={label}
            value={typed}
            rows={5}
            maxLength={longest}
            readOnly={saving}
            dir="auto"
            lang={lang}
            data-testid={`${testId}-input`}
            // biome-ignore lint/a11y/noAutofocus: it was asked for by the button that it takes the place of.
            autoFocus
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => !leaving.current && !saving && void save(false)}
            onKeyDown={(event) => {
              if (isComposing(event.nativeEvent)) return;
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(true);
              if (event.key === 'Escape') end(true);
            }}
          />
        ) : (
          <input
            type={type}
            className={styles.field}
            aria-label={label}
            value={typed}
            maxLength={longest}
            readOnly={saving}
            dir="auto"
            lang={lang}
            data-testid={`${testId}-input`}
            // biome-ignore lint/a11y/noAutofocus: it was asked for by the button that it takes the place of.
            autoFocus
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => !leaving.current && !saving && void save(false)}
            onKeyDown={(event) => {
              if (isComposing(event.nativeEvent)) return;
              if (event.key === 'Enter') void save(true);
              if (event.key === 'Escape') end(true);
            }}
          />
        )}
      </dd>
    </>
  );
}
