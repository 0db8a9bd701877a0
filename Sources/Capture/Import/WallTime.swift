/// A date and time of day as texts have it. They seldom say where on earth; it is taken for UTC.
struct WallTime: Hashable {
    /// Since 1970.
    var seconds: Int64
    /// Digits behind the seconds' point, as a number and how many they were; 0 and 0 without.
    var fraction: Int
    var fractionDigitCount: Int

    /// Nanoseconds since 1970, as the fraction says.
    var nanoseconds: Int64 {
        var fraction = Int64(self.fraction)
        for _ in fractionDigitCount..<9 { fraction *= 10 }
        return seconds * 1_000_000_000 + fraction
    }

    /// `2013-05-01 12:00:00.123456`, with `/` instead of `-` and `T` instead of the blank as well.
    /// - Returns: nil where none stands there, or one that cannot be, or one outside 1970 to 2037.
    init?(_ scanner: inout LineScanner) {
        var trial = scanner
        func part(_ trial: inout LineScanner, _ range: ClosedRange<Int>, digitCount: Int) -> Int? {
            guard let digits = trial.digits(), digits.count == digitCount, range.contains(digits.value) else {
                return nil
            }
            return digits.value
        }
        guard let year = part(&trial, 1970...2037, digitCount: 4), trial.accept("-") || trial.accept("/"),
            let month = part(&trial, 1...12, digitCount: 2), trial.accept("-") || trial.accept("/"),
            let day = part(&trial, 1...Self.dayCount(year, month), digitCount: 2),
            trial.accept(" ") || trial.accept("T"),
            let hour = part(&trial, 0...23, digitCount: 2), trial.accept(":"),
            let minute = part(&trial, 0...59, digitCount: 2), trial.accept(":"),
            // A leap second is there.
            let second = part(&trial, 0...60, digitCount: 2)
        else { return nil }
        seconds =
            ((Self.days(year, month, day) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)
        (fraction, fractionDigitCount) = (0, 0)
        if trial.accept(".") {
            guard let digits = trial.digits() else { return nil }
            (fraction, fractionDigitCount) = digits
        }
        scanner = trial
    }

    private static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01; between 1970 and 2037 every fourth year is a leap year.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        var days = (year - 1970) * 365 + (year - 1969) / 4
        for earlier in 1..<month { days += dayCount(year, earlier) }
        return Int64(days + day - 1)
    }
}
