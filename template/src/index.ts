// The Worker is the package: nothing stands here that an upgrade would have to merge.
export { default, Keeper } from 'pages-keeper';
