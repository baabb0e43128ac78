import { useNow } from '../../hooks';
import { formatAbsoluteTime, formatRelativeTime } from '../../lib/relativeTime';
import { HiddenText } from './HiddenText';

const REFRESH_MS = 30_000;

/** `5 min. ago`, with the full date on hover and for screen readers. */
export function RelativeTime(props: { time: string }) {
  const { time } = props;
  const now = useNow(REFRESH_MS);
  const absolute = formatAbsoluteTime(time);
  return (
    <time dateTime={time} title={absolute}>
      {formatRelativeTime(time, now)}
      <HiddenText>{`, ${absolute}`}</HiddenText>
    </time>
  );
}
