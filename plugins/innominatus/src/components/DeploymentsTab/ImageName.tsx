import { Fragment } from 'react';

/** An image that is broken between its parts before it is broken inside of them. */
export function ImageName(props: { image: string }) {
  return (
    <>
      {props.image.split(/(?<=[/:@])/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
