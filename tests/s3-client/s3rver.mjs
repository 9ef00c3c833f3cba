// { directory, bucket } → runs s3rver there on a free port of 127.0.0.1, writes its address as one line, and ends with its stdin.
import S3rver from "s3rver";

const { directory, bucket } = JSON.parse(process.argv[2]);
const server = new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
});
const { port } = await server.run();
process.stdout.write(`http://127.0.0.1:${port}\n`);
process.stdin.resume().on("end", () => process.exit(0));
