import { Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { JSX } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useText } from '../../translation';
import { GraphTab } from './GraphTab';
import { ManifestsTab } from './ManifestsTab';
import { MigrateTab } from './MigrateTab';
import { PlanTab } from './PlanTab';
import { ProblemsTab } from './ProblemsTab';
import styles from './ScoreEditorPage.module.css';
import { Reading } from './useReading';

const TABS = ['problems', 'graph', 'plan', 'manifests', 'migrate'] as const;
type TabName = (typeof TABS)[number];

export interface EditorTabsProps {
  reading: Reading;
  onText: (text: string) => void;
  onGoTo: (line: number, column: number) => void;
}

/** What the file means; the tab is in the URL. */
export function EditorTabs(props: EditorTabsProps) {
  const { reading, onText, onGoTo } = props;
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('tab');
  const tab = TABS.find(name => name === wanted) ?? 'problems';
  const count = reading.diagnostics.length;
  const content: Record<TabName, JSX.Element> = {
    problems: <ProblemsTab diagnostics={reading.diagnostics} onGoTo={onGoTo} />,
    graph: <GraphTab reading={reading} />,
    plan: <PlanTab reading={reading} />,
    manifests: <ManifestsTab reading={reading} />,
    migrate: <MigrateTab text={reading.text} onText={onText} />,
  };
  return (
    <Tabs
      selectedKey={tab}
      onSelectionChange={key =>
        setSearch(
          current => {
            const next = new URLSearchParams(current);
            next.set('tab', String(key));
            return next;
          },
          { replace: true },
        )
      }
    >
      <TabList aria-label={t('editor.tabs.label')}>
        {TABS.map(name => (
          <Tab key={name} id={name}>
            {name === 'problems' && count > 0
              ? t('editor.tabs.problemsCount', { number: String(count) })
              : t(`editor.tabs.${name}`)}
          </Tab>
        ))}
      </TabList>
      {TABS.map(name => (
        <TabPanel key={name} id={name}>
          <div className={styles.panel}>{content[name]}</div>
        </TabPanel>
      ))}
    </Tabs>
  );
}
