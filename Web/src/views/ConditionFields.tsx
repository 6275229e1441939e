import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewCondition, ViewProperty } from '../api/types';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { ConditionRow } from './ConditionRow';
import { isWhole, newCondition } from './conditions';
import styles from './ViewDialog.module.css';

/** The Api takes no more (ViewDefinition). */
const MOST = 50;

/** Conditions while they are edited. Each has a key of its own: one that is taken out leaves the fields of the others alone. */
export function useConditions(first: readonly ViewCondition[]) {
  const [all, setAll] = useState(() => first.map((condition, index) => ({ key: index, condition })));
  const [nextKey, setNextKey] = useState(MOST);
  return {
    all,
    values: all.map(({ condition }) => condition),
    /** One of a property that there is, and that lacks its value. */
    unfinished: (properties: readonly ViewProperty[]) =>
      all.find(
        ({ condition }) => properties.some(({ key }) => key === condition.property) && !isWhole(condition),
      )?.condition,
    add: (condition: ViewCondition) => {
      setAll((before) => [...before, { key: nextKey, condition }]);
      setNextKey((key) => key + 1);
    },
    change: (key: number, condition: ViewCondition) =>
      setAll((before) => before.map((one) => (one.key === key ? { key, condition } : one))),
    remove: (key: number) => setAll((before) => before.filter((one) => one.key !== key)),
  };
}

interface Props {
  legend: string;
  /** What it means that there is none. */
  none: string;
  conditions: ReturnType<typeof useConditions>;
  properties: ViewProperty[];
  /** For rules: nobody is looking, so there is no "me". */
  forNobody?: boolean;
  testId: string;
}

/** All conditions of a view or a rule, to be added, changed and taken out. */
export function ConditionFields({ legend, none, conditions, properties, forNobody, testId }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.conditions}>
      <legend>{legend}</legend>
      {conditions.all.length === 0 && <p className={styles.note}>{none}</p>}
      {conditions.all.map(({ key, condition }) => (
        <ConditionRow
          key={key}
          condition={condition}
          properties={properties}
          forNobody={forNobody}
          onChange={(next) => conditions.change(key, next)}
          onRemove={() => conditions.remove(key)}
        />
      ))}
      {conditions.all.length < MOST && (
        <Button
          data-testid={testId}
          onClick={() => properties[0] && conditions.add(newCondition(properties[0]))}
        >
          <Icon name="plus" size={16} />
          {t('views.addCondition')}
        </Button>
      )}
    </fieldset>
  );
}
