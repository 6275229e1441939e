import type { TFunction } from 'i18next';
import type { Message, StatusStage } from '../api/types';
import { exact, toTheSecond } from '../shared/dates';

const stages: StatusStage[] = ['sent', 'delivered', 'read', 'played', 'failed'];

/** Every time that is known of a message, a line each: for the tooltip of its time and ticks. */
export function timeLines(t: TFunction, message: Message): string {
  const lines: string[] = [];
  if (message.direction === 'outbound') {
    const times = message.statusTimes ?? {};
    for (const stage of stages) {
      const at = times[stage];
      if (at) lines.push(t('status.at', { status: t(`status.${stage}`), time: toTheSecond(at) }));
    }
    if (lines.length === 0 && message.status) lines.push(t(`status.${message.status}`));
    if (message.status === 'unconfirmed') lines.push(t('status.unconfirmedHint'));
  } else if (message.late) {
    lines.push(t('message.written', { time: exact(message.at) }));
    lines.push(t('message.arrived', { time: exact(message.receivedAt) }));
  } else {
    lines.push(exact(message.at));
  }
  if (message.timeDoubtful) lines.push(t('message.doubtfulHint'));
  return lines.join('\n');
}
