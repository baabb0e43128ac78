import { Button, ButtonIcon, SearchField, ToggleButton } from '@backstage/ui';
import {
  RiArrowDownSLine,
  RiArrowUpSLine,
  RiDownloadLine,
} from '@remixicon/react';
import { useText } from '../../translation';
import styles from './RunLog.module.css';
import { Follow } from './useFollow';
import { LogSearch } from './useLogSearch';

export interface LogToolbarProps {
  search: LogSearch;
  /** Absent once no more lines come. */
  follow?: Follow;
  timestamps: boolean;
  onTimestamps: (shown: boolean) => void;
  onDownload: () => void;
}

/** Everything a reader does with a log besides reading. */
export function LogToolbar(props: LogToolbarProps) {
  const { search, follow, timestamps, onTimestamps, onDownload } = props;
  const t = useText();
  return (
    <div className={styles.toolbar}>
      <SearchField
        className={styles.search}
        size="small"
        aria-label={t('logs.search')}
        placeholder={t('logs.search')}
        value={search.text}
        onChange={search.setText}
        onSubmit={() => search.matches.length > 0 && search.move(1)}
      />
      {search.text.trim() && <Matches search={search} />}
      <ToggleButton
        size="small"
        isSelected={timestamps}
        onChange={onTimestamps}
      >
        {t('logs.timestamps')}
      </ToggleButton>
      {follow && (
        <ToggleButton
          size="small"
          isSelected={follow.following}
          onChange={follow.setFollowing}
        >
          {t('logs.follow')}
        </ToggleButton>
      )}
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiDownloadLine />}
        onPress={onDownload}
      >
        {t('logs.download')}
      </Button>
    </div>
  );
}

function Matches(props: { search: LogSearch }) {
  const { matches, position, move } = props.search;
  const t = useText();
  return (
    <>
      <span className={styles.count} role="status">
        {matches.length === 0
          ? t('logs.noMatches')
          : t('logs.matches', {
              current: String(position + 1),
              total: String(matches.length),
            })}
      </span>
      <ButtonIcon
        size="small"
        variant="tertiary"
        icon={<RiArrowUpSLine />}
        aria-label={t('logs.previousMatch')}
        isDisabled={matches.length === 0}
        onPress={() => move(-1)}
      />
      <ButtonIcon
        size="small"
        variant="tertiary"
        icon={<RiArrowDownSLine />}
        aria-label={t('logs.nextMatch')}
        isDisabled={matches.length === 0}
        onPress={() => move(1)}
      />
    </>
  );
}
