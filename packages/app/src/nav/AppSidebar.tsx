import {
  CatalogIcon,
  DashboardIcon,
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import {
  NavContentComponentProps,
  NavContentNavItem,
} from '@backstage/plugin-app-react';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { ORCHESTRATOR, OrchestratorGroup } from './OrchestratorGroup';
import { SidebarLogo } from './SidebarLogo';

export function AppSidebar(props: NavContentComponentProps) {
  const nav = props.navItems.withComponent(NavItem);
  // Has an item of its own below, which counts what is unread.
  nav.take('page:notifications');
  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<CatalogIcon />}>
        {nav.take('page:catalog')}
        {nav.take('page:scaffolder')}
        {nav.take('page:api-docs')}
      </SidebarGroup>
      <SidebarDivider />
      {/* On a phone only what is a group itself is reachable. */}
      <SidebarGroup label={ORCHESTRATOR} icon={<DashboardIcon />}>
        <OrchestratorGroup>
          {nav.take('page:innominatus/runs')}
          {nav.take('page:innominatus/approvals')}
          {nav.take('page:innominatus/golden-paths')}
          {nav.take('page:innominatus/environments')}
          {nav.take('page:innominatus/resources')}
          {nav.take('page:innominatus/providers')}
          {nav.take('page:innominatus/policies')}
          {nav.take('page:innominatus/score-editor')}
        </OrchestratorGroup>
      </SidebarGroup>
      <SidebarDivider />
      {nav.take('page:catalog-graph')}
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem />
      <SidebarGroup
        label="Settings"
        icon={<UserSettingsSignInAvatar />}
        to="/settings"
      >
        {nav.take('page:user-settings')}
      </SidebarGroup>
    </Sidebar>
  );
}

function NavItem(item: NavContentNavItem) {
  return (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  );
}
