/** A list without the item of this id. */
export const withoutId = <TItem extends { readonly id: string }>(
  items: readonly TItem[],
  id: string,
): readonly TItem[] => items.filter((item) => item.id !== id);
