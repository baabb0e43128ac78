import { Route, Routes } from 'react-router-dom';
import { RunPage } from '../RunPage';
import { RunsPage } from '../RunsPage';

/** The list of runs, and each run below it, so that its header leads back. */
export function RunsRouter() {
  return (
    <Routes>
      <Route index element={<RunsPage />} />
      <Route path=":runId" element={<RunPage />} />
    </Routes>
  );
}
