;; Where a log may speak of an OOM, and how many line ends lie before: scan.ts says what it is for.
;; `node scripts/wasm.ts` makes scan-code.ts of it.
(module
  (memory (export "memory") 32)
  ;; Line ends that `find` went past; the caller takes them away.
  (global $lines (export "lines") (mut i32) (i32.const 0))

  ;; Whether one of the phrases stands at a place where "ki" or "Ki" does.
  (func $isPhrase (param $at i32) (result i32)
    (local $here i64)
    (local.set $here (i64.load align=1 (local.get $at)))
    (i32.or
      (i32.or
        (i64.eq (local.get $here) (i64.const 0x702064656c6c694b))  ;; "Killed p"
        (i64.eq (local.get $here) (i64.const 0x656c62616c6c696b))) ;; "killable"
      (i64.eq                                                      ;; "oom-kill"
        (i64.load align=1 (i32.sub (local.get $at) (i32.const 4)))
        (i64.const 0x6c6c696b2d6d6f6f))))

  ;; The first 32 bytes of [at, end) that hold a phrase's pair; end or some bytes more where none do.
  (func (export "find") (param $at i32) (param $end i32) (result i32)
    (local $ends v128) (local $left i32) (local $bits i32) (local $low v128) (local $high v128)
    (local $lowPair v128) (local $highPair v128)
    ;; V8 would make them anew in each round.
    (local $case v128) (local $k v128) (local $i v128) (local $lf v128)
    (local.set $case (i8x16.splat (i32.const 0x20)))
    (local.set $k (i8x16.splat (i32.const 0x6b)))
    (local.set $i (i8x16.splat (i32.const 0x69)))
    (local.set $lf (i8x16.splat (i32.const 10)))
    (block $done
      (loop $sum
        (local.set $left (i32.const 127)) ;; each adds up to 2 to a byte of $ends
        (local.set $ends (v128.const i64x2 0 0))
        (block $full
          (loop $next
            (br_if $full (i32.eqz (local.get $left)))
            (br_if $full (i32.ge_u (local.get $at) (local.get $end)))
            (local.set $low (v128.load align=1 (local.get $at)))
            (local.set $high (v128.load offset=16 align=1 (local.get $at)))
            (local.set $lowPair (v128.and
              (i8x16.eq (v128.or (local.get $low) (local.get $case)) (local.get $k))
              (i8x16.eq (v128.load offset=1 align=1 (local.get $at)) (local.get $i))))
            (local.set $highPair (v128.and
              (i8x16.eq (v128.or (local.get $high) (local.get $case)) (local.get $k))
              (i8x16.eq (v128.load offset=17 align=1 (local.get $at)) (local.get $i))))
            (if (v128.any_true (v128.or (local.get $lowPair) (local.get $highPair)))
              (then
                (local.set $bits (i32.or
                  (i8x16.bitmask (local.get $lowPair))
                  (i32.shl (i8x16.bitmask (local.get $highPair)) (i32.const 16))))
                (loop $bit
                  (if (call $isPhrase (i32.add (local.get $at) (i32.ctz (local.get $bits))))
                    (then (global.set $lines (i32.add (global.get $lines) (call $sum (local.get $ends))))
                          (return (local.get $at))))
                  (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
                  (br_if $bit (local.get $bits)))))
            (local.set $ends (i8x16.sub (i8x16.sub (local.get $ends)
              (i8x16.eq (local.get $low) (local.get $lf)))
              (i8x16.eq (local.get $high) (local.get $lf))))
            (local.set $at (i32.add (local.get $at) (i32.const 32)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $next)))
        (global.set $lines (i32.add (global.get $lines) (call $sum (local.get $ends))))
        (br_if $sum (i32.lt_u (local.get $at) (local.get $end)))))
    (local.get $at))

  (func $sum (param $bytes v128) (result i32)
    (local.set $bytes (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $bytes))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $bytes)) (i32x4.extract_lane 1 (local.get $bytes)))
      (i32.add (i32x4.extract_lane 2 (local.get $bytes)) (i32x4.extract_lane 3 (local.get $bytes))))))
