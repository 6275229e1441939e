import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../composer/sendKey';
import { Icon } from './Icon';
import styles from './Menu.module.css';
import { Popover } from './Popover';

export interface MenuOption<T> {
  key: string;
  value: T;
  label: string;
  note?: ReactNode;
  face?: ReactNode;
  /** A heading over this and what follows it in the same group. */
  group?: string;
}

interface Props<T> {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  options: MenuOption<T>[];
  /** The key of what is chosen now. */
  chosen?: string | null;
  /** More than a few: a field narrows them down. */
  searchable?: boolean;
  /** Offers what was typed where it is none of the options. */
  onTyped?: (text: string) => void;
  /** Characters that what is typed may have. */
  longest?: number;
  side?: 'top' | 'bottom';
  onChoose: (value: T) => void;
  onClose: () => void;
}

/** A list to choose one from, beside its button: arrows, Enter and the first letters work. */
export function Menu<T>(props: Props<T>) {
  const {
    anchor,
    label,
    options,
    chosen,
    searchable,
    onTyped,
    longest,
    side = 'bottom',
    onChoose,
    onClose,
  } = props;
  const { t } = useTranslation();
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      options.findIndex(({ key }) => key === chosen),
    ),
  );
  const found = options.filter(({ label: name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const typed = onTyped && text.trim() && !options.some(({ label: name }) => name === text.trim());
  const count = found.length + (typed ? 1 : 0);
  const current = Math.min(at, count - 1);

  // The popover places itself and then looks for what takes the focus: without a field, that is the list.
  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, current]);

  const choose = (index: number) => {
    const option = found[index];
    onClose();
    if (option) onChoose(option.value);
    else if (typed) onTyped(text.trim());
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count > 0) {
      event.preventDefault();
      setAt((current + step + count) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(current);
    } else if (event.key === 'Tab') onClose();
  };

  return (
    <Popover anchor={anchor} label={label} side={side} onClose={onClose}>
      <div ref={box} className={styles.menu}>
        {searchable ? (
          <input
            className={styles.search}
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={count > 0 ? `${listId}-${current}` : undefined}
            aria-label={label}
            placeholder={t('menu.search')}
            value={text}
            maxLength={longest}
            data-autofocus
            data-testid="menu-search"
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKey}
          />
        ) : null}
        <div
          id={listId}
          role="listbox"
          aria-label={label}
          tabIndex={searchable ? -1 : 0}
          aria-activedescendant={searchable || count === 0 ? undefined : `${listId}-${current}`}
          data-autofocus={searchable ? undefined : true}
          className={styles.list}
          onKeyDown={searchable ? undefined : onKey}
        >
          {count === 0 && <p className={styles.none}>{t('menu.none')}</p>}
          {found.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's, by aria-activedescendant.
            <div
              key={option.key}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className={styles.option}
              data-testid="menu-option"
              data-group={option.group !== found[index - 1]?.group ? option.group : undefined}
              aria-description={option.group}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(index)}
            >
              {option.face}
              <span className={styles.text}>
                {option.label}
                {option.note && <small>{option.note}</small>}
              </span>
              {option.key === chosen && <Icon name="check" size={16} />}
            </div>
          ))}
          {typed && (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's, by aria-activedescendant.
            <div
              id={`${listId}-${found.length}`}
              role="option"
              tabIndex={-1}
              aria-selected={current === found.length}
              className={styles.option}
              data-testid="menu-option"
              onPointerMove={() => setAt(found.length)}
              onClick={() => choose(found.length)}
            >
              <Icon name="plus" size={16} />
              <span className={styles.text}>{t('menu.new', { text: text.trim() })}</span>
            </div>
          )}
        </div>
      </div>
    </Popover>
  );
}
