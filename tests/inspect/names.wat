;; Names that contain terminal control sequences.
(component
  (core module $m (@name "red \1b[31m and \e2\80\ae turned")
    (func $f (@name "line\0abreak") (export "\1b]0;title\07"))
    (memory (export "\e2\80\8b") 1)
    (@custom "\1b[2J" ""))
  (core instance $m (instantiate $m))
  (func (export "run") (canon lift (core func $m "\1b]0;title\07"))))
