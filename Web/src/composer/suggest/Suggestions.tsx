import { useTranslation } from 'react-i18next';
import styles from './Suggestions.module.css';
import type { Suggestion, useSuggestions } from './useSuggestions';

/** The list over the editor. The focus stays in the text: keys come from there. */
export function Suggestions({ items, current, listId, choose }: ReturnType<typeof useSuggestions>) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <div id={listId} role="listbox" aria-label={t('composer.suggestions')} className={styles.list}>
      {items.map((item: Suggestion, index) => (
        <div
          key={item.key}
          id={`${listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === current}
          className={styles.item}
          data-testid="suggestion"
          // Before the editor loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            choose(item);
          }}
        >
          <span>{item.label}</span>
          {item.note && <small dir="auto">{item.note}</small>}
        </div>
      ))}
    </div>
  );
}
