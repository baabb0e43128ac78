import { Link } from '@backstage/ui';
import { OutsideLink as OutsideLinkData } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';

export interface OutsideLinkProps {
  link?: OutsideLinkData;
}

/** Leads to what is done outside, such as a pull request. */
export function OutsideLink(props: OutsideLinkProps) {
  const { link } = props;
  const t = useText();
  // A provider made the address; anything but a web address could run as code.
  if (!link || !URL.canParse(link.url) || !/^https?:\/\//i.test(link.url)) {
    return undefined;
  }
  return (
    <Link href={link.url} target="_blank" rel="noreferrer">
      {link.title ?? t('common.outside.open')}
    </Link>
  );
}
