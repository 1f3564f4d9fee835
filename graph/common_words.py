"""English words that say nothing about what the data would have to hold: every question may use them."""

from graph.roots import root
from knowledge.words import word_set

_FUNCTION = """
a an the this that these those such same other another others else each every either neither both all any
some no none not nor only own very too so as than then there here it its itself he him his she her hers
they them their theirs themselves i me my mine we us our ours you your yours one ones oneself anybody
anyone anything everybody everyone everything nobody nothing somebody someone something who whom whose
which what when where why how whoever whatever whichever whenever and or but if unless because since while
although though whether about above across after again against along also although amid among around at
away back before behind below beneath beside besides between beyond by despite down during ever except for
forth forward from further in inside instead into like near of off on once onto opposite out outside over
past per plus minus round regarding through throughout till to together toward towards under until unto up
upon versus via vs with within without am is are was were be been being have has had having do does did
done doing can could may might must shall should will would ought let lets isnt arent wasnt werent dont
doesnt didnt hasnt havent hadnt cant couldnt wont wouldnt shouldnt whats whos hows wheres thats theres
didn doesn don hasn haven hadn isn aren wasn weren couldn wouldn shouldn ain t s d ll re ve m im ive id
youve youd theyve theyre weve were yes no nope yep ok okay
"""
_POLITE = """
please pls plz thanks thank thx cheers hi hello hey dear good morning afternoon evening greetings sorry
kindly quick quickly asap btw fyi hmm oh well just maybe perhaps actually really exactly precisely roughly
simply basically literally honestly quite rather pretty kinda sorta sort kind bit curious wonder wondering
idea possible possibly help question ask asking asked answer answering tell say said speak talk know
knowing wish want wanted need needed needs like love hope guess think believe suppose meeting deck slide
presentation report reporting overview summary insight glance look looking see seen find finding found
check checking show showing shown display list listing give given get getting got gotten provide present
return fetch pull pulling extract retrieve print output view generate generated produce prepare calculate
compute work name named call called mention state mean meant meaning explain describe detail details info
information figure figures fact facts data database dataset record records recorded entry entries row rows
column table chart graph plot diagram pie bar line csv excel spreadsheet dashboard kpi kpis metric metrics
stat stats statistic statistics analysis analyse analyze
"""
_COUNTING = """
number numbers nr no num count counts counting counted amount total totals overall altogether sum sums
summed add added average avg mean median typical typically usual usually normal normally common commonly
minimum min maximum max range percent percentage percentages pct proportion share shares fraction portion
part parts ratio rate rates level levels half third quarter quarters twice double triple single several
many much more most less least few fewer fewest lot lots plenty enough almost nearly approximately approx
around zero one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty
hundred hundreds thousand thousands million millions k first second third fourth fifth sixth last next
previous prior former latter individual separate separately distinct different unique various entire whole
complete completely full fully rest remaining remain left
"""
_COMPARING = """
big bigger biggest small smaller smallest large larger largest great greater greatest high higher highest
low lower lowest good better best bad worse worst top bottom long longer longest short shorter shortest
old older oldest new newer newest young late later latest early earlier earliest recent recently fast
faster fastest slow slower slowest quick quicker quickest strong stronger strongest weak weaker weakest
cheap cheaper cheapest pricey pricier expensive popular important successful key main major leading
interesting notable significant extreme extra additional current currently now nowadays present presently
moment today yesterday tomorrow tonight still yet already always never ever often frequently rarely
sometimes soon lately ago equal equally exceed exceeding exceeds reach reaching reached compare compared
comparing comparison versus difference differ differs gap change changed changes changing rise rising
increase increased increasing decrease decreased decreasing decline drop dropped fall falling grow growing
growth develop developed developing development evolve evolved evolution improve improved improvement
trend trends trending history historical pattern rank ranked ranking rankings sort sorted sorting order
ordered ordering ascending descending split splitting group grouped grouping break broken breakdown down
distribution distributed spread structure wise filter filtered limit limited include included includes
including exclude excluded excludes excluding contain contains containing consist belong belongs belonging
relate related relating concern concerning correspond corresponding associated linked link match matching
fit based depend depending depends apply applied cover covers covering compose combined combine cumulative
running
"""
_TIME = """
time times date dates day days daily week weeks weekly weekday weekdays weekend weekends month months
monthly yearly year years annual annually quarterly hour hours hourly minute minutes second seconds period
periods january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed
thu fri sat sun spring summer autumn fall winter season calendar ytd mtd qtd yr yrs mth mths wk wks qtr
qtrs rn since start starting started begin beginning began end ending ended finish onward onwards duration
long point span window
"""
_ACTING = """
make makes making made take takes taking took come comes coming came go goes going gone went bring brings
bringing brought put puts putting keep keeps keeping kept hold holds holding held use uses using used
happen happens happened occur occurs occurred exist exists existing existed become becomes became turn
turns turned stay stays stand stands lie lies sit sits work works working move moves moving moved run runs
running set sets try tries tried cause do act serve deal deals dealing handle handled handles manage
managed appear appears appeared seem seems carry carries carried pick picked choose chosen select selected
matter matters involve involved face faced hit hits pass passed cross crossed fill filled lack lacks
lacking miss missing missed leave lead leads leading follow follows following wait waits waiting waited
allow allowed enable let belong own owned owns people person persons folk folks guy guys anyone thing
things stuff item case cases example examples type types kind kinds way ways side basis place places area
areas point points reason reasons result results value values word words term terms title titles topic
status state states name names id ids code codes size sizes level business company firm shop store team
world place everyone somebody children behind quarry direct directly assign assigned containing
"""

COMMON_FORMS = frozenset(
    word for words in (_FUNCTION, _POLITE, _COUNTING, _COMPARING, _TIME, _ACTING) for word in word_set(words)
)

COMMON = frozenset(map(root, COMMON_FORMS))
"""Their roots."""
