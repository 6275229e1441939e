import { useClock } from '../shared/ticker';
import { type SessionState, type SessionView, sessionAt } from './session';

/** The session as it stands now; changes by itself, at the second it ends. */
export function useSession(endsAt: string | null): SessionView {
  const packed = useClock((now) => {
    const view = sessionAt(endsAt, now);
    return `${view.state} ${view.hours} ${view.minutes}`;
  });
  const [state, hours, minutes] = packed.split(' ');
  return { state: state as SessionState, hours: Number(hours), minutes: Number(minutes) };
}
