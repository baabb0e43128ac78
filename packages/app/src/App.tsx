import { createApp } from '@backstage/frontend-defaults';
import { navModule } from './nav';

// The plugins come from the dependencies of this package, see app.packages.
export default createApp({ features: [navModule] });
