# shellcheck shell=bash
# Lines that tell how far a download is: seldom enough for a log that is kept.

report_name=
report_size=-
report_next=0  # milliseconds since the epoch
report_wait=0  # milliseconds
report_time=0  # of the last line
report_bytes=0 # at that time

# start_report NAME SIZE BYTES: what is had already is no progress
start_report() {
  report_name=$1 report_size=$2
  tell_time
  report_time=$now report_bytes=$3
  report_wait=$((fetch_report_every * 1000))
  report_next=$((now + report_wait))
}

# report BYTES: a line, if it is time for one. Lines come ever less often, up to
# one a minute.
report() {
  local bytes=$1 rate line
  if [ "$now" -lt "$report_next" ]; then
    return 0
  fi
  rate=$(((bytes - report_bytes) * 1000 / (now - report_time + 1)))
  if [ "$rate" -lt 0 ]; then
    rate=0
  fi
  line="$report_name: $(amount "$bytes")"
  if [ "$report_size" != - ] && [ "$report_size" -gt 0 ]; then
    line+=" of $(amount "$report_size") ($((bytes * 100 / report_size)) %)"
  fi
  line+=", $(amount "$rate")/s"
  if [ "$report_size" != - ] && [ "$rate" -gt 0 ]; then
    line+=", $(duration "$(((report_size - bytes) / rate))") left"
  fi
  log "$line"
  report_time=$now report_bytes=$bytes
  report_wait=$((report_wait < 40000 ? report_wait * 3 / 2 : 60000))
  report_next=$((now + report_wait))
}
