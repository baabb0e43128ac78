import { Route, Routes } from 'react-router-dom';
import { ResourcePage } from '../ResourcePage';
import { ResourcesPage } from '../ResourcesPage';

/** The list of resources, and each resource below it. */
export function ResourcesRouter() {
  return (
    <Routes>
      <Route index element={<ResourcesPage />} />
      <Route path=":resourceId" element={<ResourcePage />} />
    </Routes>
  );
}
