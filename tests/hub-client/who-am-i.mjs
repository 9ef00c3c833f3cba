// { hubUrl, accessToken } → whose token it is
import { whoAmI } from "@huggingface/hub";
import { run } from "./arguments.mjs";

await run(({ hubUrl, accessToken }) => whoAmI({ hubUrl, accessToken }));
