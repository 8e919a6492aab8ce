/*
 * What this machine can do at most: float32, bfloat16 and int8 arithmetic, and reading memory.
 *
 * Reads one question a line, "LIMIT THREADS SECONDS" (LIMIT: float32, bfloat16, int8, memory), and answers each with
 * one line of JSON: {"limit": "float32", "threads": 2, "rate": 2.26e+11, "how": "AVX-512 FMA"}. The rate is operations
 * per second (a multiplication and an addition are two), or bytes per second; null where the processor has no such
 * instruction, and "how" says so. Kept running, it can be asked again between other measurements, so that a limit and
 * what is compared with it are taken under the same load.
 *
 * Every thread repeats one instruction on independent registers, or reads its share of a buffer larger than the
 * caches, until the time is over. Matrix units (AMX, SME) are not asked: what uses them may exceed these limits.
 *
 *     cc -O3 -pthread limits.c -o limits && echo float32 1 0.5 | ./limits
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

enum { MAX_THREADS = 256 };
static const long ROUNDS = 1 << 16;             /* of an arithmetic loop between two looks at the clock */
static const size_t BUFFER = (size_t)512 << 20; /* larger than any cache */
static const size_t PIECE = (size_t)2 << 20;    /* read between two looks at the clock */

typedef struct {
  void (*loop)(long rounds); /* NULL where there is no such instruction */
  double operations;         /* of one round */
  const char *how;
} Arithmetic;

typedef struct {
  void (*read)(const char *from, size_t bytes);
  const char *how;
} Memory;

#if defined(__x86_64__)

typedef int v8 __attribute__((vector_size(32)));
typedef int v16 __attribute__((vector_size(64)));

/* Twelve sums hide six cycles of latency at two instructions a cycle. Register 15 is free for a step's own use. */
#define TWELVE(step, kind)                                                                                             \
  __asm__ volatile(step("%0") step("%1") step("%2") step("%3") step("%4") step("%5") step("%6") step("%7") step("%8")  \
                       step("%9") step("%10") step("%11")                                                              \
                   : "+" kind(s0), "+" kind(s1), "+" kind(s2), "+" kind(s3), "+" kind(s4), "+" kind(s5),               \
                     "+" kind(s6), "+" kind(s7), "+" kind(s8), "+" kind(s9), "+" kind(s10), "+" kind(s11)              \
                   : kind(ones)                                                                                        \
                   : "xmm15")

/* bits: four bytes of operand, which are 1.0f, two bfloat16 ones or four int8 ones. */
#define LOOP(name, feature, vector, kind, step, bits)                                                                  \
  __attribute__((target(feature))) static void name(long rounds) {                                                     \
    vector zero = {0}, ones = zero + bits;                                                                             \
    vector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero;                                           \
    vector s6 = zero, s7 = zero, s8 = zero, s9 = zero, s10 = zero, s11 = zero;                                         \
    for (long i = 0; i < rounds; i++) {                                                                                \
      TWELVE(step, kind);                                                                                              \
    }                                                                                                                  \
  }

#define FMA(sum) "vfmadd231ps %12, %12, " sum "\n"
#define BF16_DOT(sum) "vdpbf16ps %12, %12, " sum "\n"
#define INT8_DOT(sum) "vpdpbusd %12, %12, " sum "\n"
#define INT8_DOT_VEX(sum) "%{vex%} vpdpbusd %12, %12, " sum "\n"
#define INT8_MADD(sum) "vpmaddubsw %12, %12, %%ymm15\nvpmaddwd %%ymm15, %12, %%ymm15\nvpaddd %%ymm15, " sum ", " sum "\n"

LOOP(fma_512, "avx512f", v16, "v", FMA, 0x3f800000)
LOOP(bf16_512, "avx512f", v16, "v", BF16_DOT, 0x3f803f80)
LOOP(int8_512, "avx512f", v16, "v", INT8_DOT, 0x01010101)
LOOP(fma_256, "avx2", v8, "x", FMA, 0x3f800000)
LOOP(int8_256, "avx2", v8, "x", INT8_DOT_VEX, 0x01010101)
LOOP(int8_madd_256, "avx2", v8, "x", INT8_MADD, 0x01010101)

#define READ(name, feature, load)                                                                                      \
  __attribute__((target(feature))) static void name(const char *from, size_t bytes) {                                  \
    for (const char *end = from + bytes; from < end; from += 256) {                                                    \
      __asm__ volatile(load::"r"(from) : "xmm0", "xmm1", "xmm2", "xmm3", "memory");                                    \
    }                                                                                                                  \
  }

READ(read_512, "avx512f",
     "vmovdqa64 (%0), %%zmm0\nvmovdqa64 64(%0), %%zmm1\nvmovdqa64 128(%0), %%zmm2\nvmovdqa64 192(%0), %%zmm3\n")
READ(read_128, "sse2",
     "movdqa (%0), %%xmm0\nmovdqa 16(%0), %%xmm1\nmovdqa 32(%0), %%xmm2\nmovdqa 48(%0), %%xmm3\n"
     "movdqa 64(%0), %%xmm0\nmovdqa 80(%0), %%xmm1\nmovdqa 96(%0), %%xmm2\nmovdqa 112(%0), %%xmm3\n"
     "movdqa 128(%0), %%xmm0\nmovdqa 144(%0), %%xmm1\nmovdqa 160(%0), %%xmm2\nmovdqa 176(%0), %%xmm3\n"
     "movdqa 192(%0), %%xmm0\nmovdqa 208(%0), %%xmm1\nmovdqa 224(%0), %%xmm2\nmovdqa 240(%0), %%xmm3\n")

/* Compilers disagree on the names of these two features; the processor does not. */
static int leaf7(int bit) {
  unsigned a = 0, b, c, d;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> bit & 1);
}

static Arithmetic float32(void) {
  if (__builtin_cpu_supports("avx512f")) return (Arithmetic){fma_512, 12 * 32, "AVX-512 FMA"};
  if (__builtin_cpu_supports("fma")) return (Arithmetic){fma_256, 12 * 16, "AVX2 FMA"};
  return (Arithmetic){NULL, 0, "no FMA"};
}

static Arithmetic bfloat16(void) {
  if (__builtin_cpu_supports("avx512f") && leaf7(5)) return (Arithmetic){bf16_512, 12 * 64, "AVX-512 BF16"};
  return (Arithmetic){NULL, 0, "no bfloat16 instruction"};
}

static Arithmetic int8(void) {
  if (__builtin_cpu_supports("avx512vnni")) return (Arithmetic){int8_512, 12 * 128, "AVX-512 VNNI"};
  if (__builtin_cpu_supports("avx2") && leaf7(4)) return (Arithmetic){int8_256, 12 * 64, "AVX-VNNI"};
  if (__builtin_cpu_supports("avx2")) return (Arithmetic){int8_madd_256, 12 * 64, "AVX2 multiply-add"};
  return (Arithmetic){NULL, 0, "no AVX2"};
}

static Memory memory(void) {
  if (__builtin_cpu_supports("avx512f")) return (Memory){read_512, "512-bit loads"};
  return (Memory){read_128, "128-bit loads"};
}

#elif defined(__aarch64__)

/* Twenty-four sums hide six cycles of latency at four instructions a cycle. */
#define SUMS(step)                                                                                                     \
  step("0") step("1") step("2") step("3") step("4") step("5") step("6") step("7") step("8") step("9") step("10")       \
      step("11") step("12") step("13") step("14") step("15") step("16") step("17") step("18") step("19") step("20")    \
          step("21") step("22") step("23")
#define CLEAR(sum) "movi v" sum ".4s, #0\n"
#define LOOP(name, extension, step, ones)                                                                              \
  static void name(long rounds) {                                                                                      \
    __asm__ volatile(".arch_extension " extension "\n" SUMS(CLEAR) ones "1:\n" SUMS(step)                              \
                     "subs %0, %0, #1\nb.ne 1b\n"                                                                      \
                     : "+r"(rounds)                                                                                    \
                     :                                                                                                 \
                     : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",   \
                       "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24");                   \
  }

#define FMLA(sum) "fmla v" sum ".4s, v24.4s, v24.4s\n"
#define BFMMLA(sum) "bfmmla v" sum ".4s, v24.8h, v24.8h\n"
#define SMMLA(sum) "smmla v" sum ".4s, v24.16b, v24.16b\n"
#define SDOT(sum) "sdot v" sum ".4s, v24.16b, v24.16b\n"

LOOP(fmla_128, "simd", FMLA, "fmov v24.4s, #1.0\n")
LOOP(bfmmla_128, "bf16", BFMMLA, "movi v24.8h, #0x3f, lsl #8\n")
LOOP(smmla_128, "i8mm", SMMLA, "movi v24.16b, #1\n")
LOOP(sdot_128, "dotprod", SDOT, "movi v24.16b, #1\n")

static void read_128(const char *from, size_t bytes) {
  for (const char *end = from + bytes; from < end; from += 128) {
    __asm__ volatile("ldp q0, q1, [%0]\nldp q2, q3, [%0, #32]\nldp q0, q1, [%0, #64]\nldp q2, q3, [%0, #96]\n" ::"r"(from)
                     : "v0", "v1", "v2", "v3", "memory");
  }
}

/* linux: the bit of one of the kernel's two words of capabilities; apple: the name that macOS gives the feature. */
static int has(int word, int bit, const char *apple) {
#if defined(__linux__)
  (void)apple;
  return getauxval(word == 1 ? AT_HWCAP : AT_HWCAP2) >> bit & 1;
#elif defined(__APPLE__)
  int yes = 0;
  size_t size = sizeof yes;
  (void)word, (void)bit;
  return sysctlbyname(apple, &yes, &size, NULL, 0) == 0 && yes;
#else
  (void)word, (void)bit, (void)apple;
  return 0;
#endif
}

static Arithmetic float32(void) { return (Arithmetic){fmla_128, 24 * 8, "NEON FMLA"}; }

static Arithmetic bfloat16(void) {
  if (has(2, 14, "hw.optional.arm.FEAT_BF16")) return (Arithmetic){bfmmla_128, 24 * 32, "NEON BFMMLA"};
  return (Arithmetic){NULL, 0, "no bfloat16 instruction"};
}

static Arithmetic int8(void) {
  if (has(2, 13, "hw.optional.arm.FEAT_I8MM")) return (Arithmetic){smmla_128, 24 * 64, "NEON SMMLA"};
  if (has(1, 20, "hw.optional.arm.FEAT_DotProd")) return (Arithmetic){sdot_128, 24 * 32, "NEON SDOT"};
  return (Arithmetic){NULL, 0, "no int8 dot product"};
}

static Memory memory(void) { return (Memory){read_128, "128-bit loads"}; }

#else
#error "limits.c knows x86-64 and aarch64"
#endif

static char *buffer;

typedef struct {
  const Arithmetic *arithmetic; /* or NULL: then memory is read */
  const Memory *memory;
  int index, threads;
  double until, done; /* seconds of the clock; operations or bytes */
} Job;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *work(void *argument) {
  Job *job = argument;
  size_t share = BUFFER / job->threads / PIECE * PIECE, at = 0;
  while (now() < job->until) {
    if (job->arithmetic) {
      job->arithmetic->loop(ROUNDS);
      job->done += job->arithmetic->operations * ROUNDS;
    } else {
      job->memory->read(buffer + job->index * share + at, PIECE);
      job->done += PIECE;
      at = (at + PIECE) % share;
    }
  }
  return NULL;
}

/* Operations or bytes per second of all threads together; below 0 where a thread cannot be started. */
static double rate(const Arithmetic *arithmetic, const Memory *memory, int threads, double time) {
  pthread_t ids[MAX_THREADS];
  Job jobs[MAX_THREADS];
  double start = now(), done = 0;
  for (int i = 0; i < threads; i++) {
    jobs[i] = (Job){arithmetic, memory, i, threads, start + time, 0};
    if (pthread_create(&ids[i], NULL, work, &jobs[i])) return -1;
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    done += jobs[i].done;
  }
  return done / (now() - start);
}

static int allocate(void) {
  if (buffer) return 1;
  void *pages = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (pages == MAP_FAILED) return 0;
#ifdef MADV_HUGEPAGE
  madvise(pages, BUFFER, MADV_HUGEPAGE);
#endif
  buffer = memset(pages, 1, BUFFER);
  return 1;
}

int main(void) {
  char line[128], limit[16];
  int threads;
  double time;
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "%15s %d %lf", limit, &threads, &time) != 3 || threads < 1 || threads > MAX_THREADS) {
      fprintf(stderr, "expected LIMIT THREADS SECONDS with 1 to %d threads, was: %s", MAX_THREADS, line);
      return 2;
    }
    int reads = !strcmp(limit, "memory");
    Arithmetic arithmetic = !strcmp(limit, "float32")    ? float32()
                            : !strcmp(limit, "bfloat16") ? bfloat16()
                            : !strcmp(limit, "int8")     ? int8()
                                                         : (Arithmetic){NULL, 0, "unknown limit"};
    Memory loads = memory();
    const char *how = reads ? loads.how : arithmetic.how;
    double r = -1;
    if (reads && !allocate()) {
      how = "no memory for the buffer";
    } else if (reads || arithmetic.loop) {
      r = rate(reads ? NULL : &arithmetic, &loads, threads, time);
    }
    printf("{\"limit\": \"%s\", \"threads\": %d, \"rate\": ", limit, threads);
    printf(r < 0 ? "null" : "%.6g", r);
    printf(", \"how\": \"%s\"}\n", how);
    fflush(stdout);
  }
  return 0;
}
