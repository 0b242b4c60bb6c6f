// Builds dist/ from src/: `npm ci && npm run build`. dist/ is committed, so that users need no Node.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { compile } from 'sass';

await mkdir('dist', { recursive: true });
await build({
  entryPoints: ['src/chat.mjs', 'src/lead.mjs'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  legalComments: 'inline',
});
for (const name of ['chat', 'rooms']) {
  const styles = compile(`src/${name}.scss`, { loadPaths: ['node_modules'], style: 'compressed', quietDeps: true });
  await writeFile(`dist/${name}.css`, styles.css + '\n');
}
for (const name of ['chat.html', 'privacy.html', 'icon.svg']) await copyFile(`src/${name}`, `dist/${name}`);
