import { Button, TextField } from '@backstage/ui';
import { useState } from 'react';
import { useText } from '../../translation';
import styles from './PlanOutcome.module.css';

const LONGEST_IMAGE = 1024;

export interface ImageFormProps {
  /** The one that was tried before. */
  image?: string;
  onPlan: (image: string) => void;
}

/** Asks for the image that a Score spec with `image: .` leaves open. */
export function ImageForm(props: ImageFormProps) {
  const t = useText();
  const [image, setImage] = useState(props.image ?? '');
  const wanted = image.trim();
  return (
    <form
      className={styles.root}
      onSubmit={event => {
        event.preventDefault();
        if (wanted) {
          props.onPlan(wanted);
        }
      }}
    >
      <p className={styles.text}>{t('plan.image.text')}</p>
      <TextField
        label={t('plan.image.label')}
        description={t('plan.image.hint')}
        isRequired
        value={image}
        onChange={setImage}
        maxLength={LONGEST_IMAGE}
      />
      <div>
        <Button type="submit" variant="primary" isDisabled={!wanted}>
          {t('plan.image.plan')}
        </Button>
      </div>
    </form>
  );
}
