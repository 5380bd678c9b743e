import webpack from "webpack";

const compiler = webpack({
  mode: "production",
  entry: "./page.js",
  output: { path: `${import.meta.dirname}/out`, filename: "page.js" },
});
const stats = await new Promise((resolve, reject) =>
  compiler.run((error, result) => (error ? reject(error) : resolve(result))),
);
if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
