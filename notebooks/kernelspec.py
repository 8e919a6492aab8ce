"""Registers the kernel "Java (Kerf)" in this Python environment: kernelspec.py JAVA CLASSPATH

JJava with Kerf on its class path, so that a notebook needs no %maven line; one that has it works too.
"""

import json
import os
import sys
from pathlib import Path

NAME = "kerf-java"


# JJava tells its comings and goings on standard error; only what went wrong is worth a line.
LOGGING = """\
handlers=java.util.logging.ConsoleHandler
.level=WARNING
java.util.logging.SimpleFormatter.format=%4$s %3$s: %5$s%n
"""


def spec(java: str, classpath: str, logging: Path) -> dict:
    jjava = Path(sys.prefix, "share/jupyter/kernels/java/jjava.jar")
    heap = os.environ.get("KERF_HEAP")
    options = [
        f"-Xmx{heap}" if heap else "-XX:MaxRAMPercentage=50",
        "-Djava.awt.headless=true",
        "-Dai.djl.offline=true",
        f"-Djava.util.logging.config.file={logging}",
        "--add-opens",
        "jdk.jshell/jdk.jshell=ALL-UNNAMED",
    ]
    if int(os.environ["JAVA_VERSION"]) >= 24:
        options.append("--enable-native-access=ALL-UNNAMED")
    return {
        "argv": [java, *options, "-jar", str(jjava), "{connection_file}"],
        "display_name": "Java (Kerf)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            "JJAVA_CLASSPATH": classpath,
            # Waiting threads look for work for some microseconds and then sleep: no stall on a busy machine.
            "OMP_WAIT_POLICY": "PASSIVE",
            "GOMP_SPINCOUNT": "10000",
            # Large arrays on huge pages, and kept for the next batch rather than handed back between two.
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1073741824"
            ":glibc.malloc.trim_threshold=8589934592:glibc.malloc.arena_max=1",
            "OPT_OUT_TRACKING": "true",
        },
    }


def main() -> None:
    folder = Path(sys.prefix, "share/jupyter/kernels", NAME)
    folder.mkdir(parents=True, exist_ok=True)
    logging = Path(folder, "logging.properties")
    logging.write_text(LOGGING)
    Path(folder, "kernel.json").write_text(json.dumps(spec(*sys.argv[1:], logging), indent=1) + "\n")


if __name__ == "__main__":
    main()
