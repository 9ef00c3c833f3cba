// Files of packages that are too large to install for one file: package.json names them under "packed". npm fetches
// the package, its hash is compared, and only the file is kept, in node_modules. Run by itself, it fetches all.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const { packed } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** Path of the file that package.json names of a package. */
export function fileOf(name) {
  const { version, integrity, file } = packed[name];
  const kept = join(folder, "node_modules", ".packed", `${name}@${version}`, basename(file));
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true });
  const work = mkdtempSync(join(folder, "node_modules", ".packed", "part-"));
  try {
    const packing = ["pack", `${name}@${version}`, "--pack-destination", work, "--ignore-scripts", "--silent", "--no-update-notifier"];
    const archive = join(work, execFileSync("npm", packing, { cwd: folder, encoding: "utf8" }).trim());
    const hash = "sha512-" + createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (hash !== integrity) throw new Error(`${name}@${version} has the hash ${hash} and not ${integrity}`);
    execFileSync("tar", ["-xzf", archive, "-C", work, `package/${file}`]);
    renameSync(join(work, "package", file), kept);
    return kept;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) Object.keys(packed).forEach(fileOf);
